import { randomUUID } from "node:crypto";
import { integer, pgTable, text } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { noon } from "../testing/server/fixtures/stock.js";
import {
  balances,
  balancesRepository,
  orderLines,
  orderLinesRepository,
  orders,
  ordersRepository,
  products,
  productsRepository,
  tickets,
  ticketsRepository,
} from "../testing/server/fixtures/tables.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { createUseCaseCore } from "./core.js";
import type { Definition, ErasedLoad, ErasedScope } from "./internals.js";
import type { Driver } from "./ports.js";
import { type Repository, repository } from "./repository.js";

let database: RuntimeDatabase;
const texts: string[] = [];
const tenantId = `t-${randomUUID()}`;
const context = { actor: { type: "user", id: "u-1", tenantId } };
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

beforeAll(async () => {
  database = await openRuntimeDatabase();
  await database.db.insert(balances).values([
    { id: id(1), tenantId, sku: "A", locationId: id(11), quantity: 10 },
    { id: id(2), tenantId, sku: "A", locationId: id(12), quantity: 20 },
    { id: id(3), tenantId, sku: "B", locationId: id(11), quantity: 30, reserved: 3 },
    { id: id(4), tenantId: "other", sku: "A", locationId: id(11), quantity: 40 },
  ]);
  await database.db.insert(products).values([
    { sku: "A", price: "0.10" },
    { sku: "B", price: "19.99" },
  ]);
  await database.db.insert(orders).values([{ id: id(21), tenantId, orderNumber: "1", status: "paid", secretNote: null }]);
  await database.db.insert(orderLines).values([
    { id: id(31), tenantId, orderId: id(21), sku: "B", quantity: 2 },
    { id: id(32), tenantId, orderId: id(21), sku: "A", quantity: 1 },
  ]);
});
afterAll(() => database.close());

/** Runs the loads in a transaction, and gives what the handler saw and the statements that loaded it. */
async function load(state: Definition["state"], command: object = {}, definition: Partial<Definition> = {}) {
  texts.length = 0;
  const driver: Driver = {
    ...database.driver,
    session: (work) =>
      database.driver.session((session) =>
        work({
          burst(items) {
            texts.push(items.map(([{ text }]) => text).join("\n"));
            return session.burst(items);
          },
        }),
      ),
  };
  let seen: Readonly<Record<string, unknown>> = {};
  const useCase = testUseCase({ name: "Load", state, ...definition }, (input) => {
    seen = input.state;
    return { result: {} };
  });
  await createUseCaseCore({ driver, clock: () => noon }).execute(useCase, { ...command }, context);
  // The last burst is the write.
  const statements = texts.slice(0, -1).flatMap((burst) => burst.split("\n").slice(0));
  return { state: seen, bursts: texts.length - 1, selects: statements.filter((text) => /^select (?!set_config)/.test(text)) };
}

const ids = (rows: unknown) => (rows as readonly { id: string }[]).map((row) => Number(row.id.slice(-12)));
/** Any column name is a condition to the erased types, `OR` and `NOT` too; generated code has the columns' own names. */
const many = (where: Readonly<Record<string, unknown>>, more: Partial<ErasedLoad> = {}): ErasedLoad => ({
  from: balancesRepository,
  where: { tenantId: ({ actor }: ErasedScope) => actor.tenantId, ...where } as unknown as ErasedLoad["where"],
  cardinality: "many",
  ...more,
});

describe("conditions", () => {
  const A = () => "A";
  test.each<[string, Readonly<Record<string, unknown>>, number[]]>([
    ["a function alone is equality", { sku: A }, [1, 2]],
    ["eq", { sku: { eq: A } }, [1, 2]],
    ["ne", { sku: { ne: A } }, [3]],
    ["lt and gte of one column", { quantity: { gte: () => 20, lt: () => 30 } }, [2]],
    ["lte, gt", { quantity: { lte: () => 20, gt: () => 9 } }, [1, 2]],
    ["in", { id: { in: () => [id(1), id(3), id(4)] } }, [1, 3]],
    ["in nothing", { id: { in: () => [] } }, []],
    ["in with a value twice", { sku: { in: () => ["A", "A"] } }, [1, 2]],
    ["notIn", { sku: { notIn: () => ["A"] } }, [3]],
    ["like", { sku: { like: () => "A%" } }, [1, 2]],
    ["ilike", { sku: { ilike: () => "a" } }, [1, 2]],
    ["isNull", { sku: { isNull: true } }, []],
    ["isNotNull", { sku: { isNotNull: true } }, [1, 2, 3]],
    ["isNull: false", { sku: { isNull: false } }, [1, 2, 3]],
    ["OR", { OR: [{ sku: () => "B" }, { quantity: () => 10 }] }, [1, 3]],
    ["OR beside a column", { sku: A, OR: [{ quantity: () => 10 }, { quantity: () => 30 }] }, [1]],
    ["NOT", { NOT: { sku: A } }, [3]],
    ["NOT of an OR", { NOT: { OR: [{ sku: () => "B" }, { quantity: () => 10 }] } }, [2]],
    ["equal to nothing", { sku: () => undefined }, []],
    ["a condition that is left out", { sku: { eq: () => "B", when: () => false } }, [1, 2, 3]],
    ["a condition in an OR that is left out", { OR: [{ sku: { eq: () => "B", when: () => false } }, { quantity: () => 10 }] }, [1]],
    ["hostile text is a value", { sku: () => "A' or true --" }, []],
  ])("%s", async (_, where, expected) => {
    expect(ids((await load({ found: many(where) })).state["found"])).toEqual(expected);
  });

  test("an enum's list", async () => {
    const found: ErasedLoad = { from: ordersRepository, where: { status: { in: () => ["paid", "draft"] } }, cardinality: "many" };
    expect(ids((await load({ found })).state["found"])).toEqual([21]);
  });
});

describe("cardinality and order", () => {
  test("optional: null where nothing is found, the first row by its key otherwise", async () => {
    const none = many({ sku: () => "Z" }, { cardinality: "optional" });
    const first = many({ sku: () => "A" }, { cardinality: "optional" });
    const { state } = await load({ none, first });
    expect(state).toMatchObject({ none: null, first: { id: id(1) } });
  });

  test("one: NotFound names the load", async () => {
    const { cardinality: _, ...gone } = many({ sku: () => "Z" });
    await expect(load({ gone })).rejects.toMatchObject({ code: "NotFound", details: { state: "gone" } });
  });

  test("of several that find nothing the first in the spec decides", async () => {
    const { cardinality: _, ...gone } = many({ sku: () => "Z" });
    const errors = { First: { kind: "not-found" as const, message: "" }, Second: { kind: "not-found" as const, message: "" } };
    // The second is locked, so that its statement is sent before the first's.
    const state = { first: { ...gone, missing: "First" }, second: { ...gone, lock: "update" as const, missing: "Second" } };
    await expect(load(state, {}, { errors })).rejects.toMatchObject({ code: "First" });
  });

  test("orderBy and limit", async () => {
    const top = many({}, { orderBy: [{ column: "quantity", direction: "desc" }], limit: 2 });
    const most = many({}, { orderBy: [{ column: "quantity", direction: "desc" }], cardinality: "optional" });
    const { state } = await load({ top, most });
    expect([ids(state["top"]), state["most"]]).toMatchObject([[3, 2], { id: id(3) }]);
  });

  test("keyBy gives a map", async () => {
    const byPlace = many({ sku: () => "A" }, { keyBy: "locationId" });
    const { state } = await load({ byPlace });
    expect([...(state["byPlace"] as Map<string, { quantity: number }>)].map(([key, row]) => [key, row.quantity])).toEqual([
      [id(11), 10],
      [id(12), 20],
    ]);
  });

  test("a projection shows its columns only, and rows can still be told apart", async () => {
    const narrow = many({ sku: () => "A" }, { columns: ["quantity"] });
    const { state, selects } = await load({ narrow });
    expect(state["narrow"]).toEqual([{ quantity: 10 }, { quantity: 20 }]);
    expect(selects[0]).not.toContain('"reserved"');
  });

  test("rows are frozen", async () => {
    const { state } = await load({ all: many({}) });
    expect(() => Object.assign((state["all"] as object[])[0] ?? {}, { quantity: 0 })).toThrow(TypeError);
    expect(() => (state["all"] as unknown[]).push(1)).toThrow(TypeError);
  });
});

describe("aggregates", () => {
  const totals = (aggregate: ErasedLoad["aggregate"], more: Partial<ErasedLoad> = {}): ErasedLoad => {
    const { cardinality: _, ...load } = many({}, { ...(aggregate && { aggregate }), ...more });
    return load;
  };

  test("count, sum, mean, smallest and largest, each as its column has it", async () => {
    const stock = totals({
      rows: "count",
      places: { count: "locationId" },
      pieces: { sum: "quantity" },
      usual: { avg: "quantity" },
      least: { min: "quantity" },
      last: { max: "sku" },
    });
    const prices: ErasedLoad = {
      from: productsRepository,
      where: {},
      aggregate: { total: { sum: "price" }, mean: { avg: "price" }, most: { max: "price" } },
    };
    const { state, bursts } = await load({ stock, prices });
    expect(state).toEqual({
      stock: { rows: 3, places: 3, pieces: 60, usual: 20, least: 10, last: "B" },
      prices: { total: "20.09", mean: "10.0450000000000000", most: "19.99" },
    });
    expect(bursts).toBe(1);
    expect(Object.isFrozen(state["stock"])).toBe(true);
  });

  test("of nothing: 0 is the count and the sum, the others are null", async () => {
    const nothing = totals({ rows: "count", pieces: { sum: "quantity" }, least: { min: "quantity" }, usual: { avg: "quantity" } }, {
      where: { sku: () => "Z" },
    } as Partial<ErasedLoad>);
    const unpriced: ErasedLoad = { from: productsRepository, where: { sku: () => "Z" }, aggregate: { total: { sum: "price" } } };
    expect((await load({ unpriced })).state).toEqual({ unpriced: { total: "0" } });
    expect((await load({ nothing })).state).toEqual({ nothing: { rows: 0, pieces: 0, least: null, usual: null } });
    const never = totals({ rows: "count" }, { when: () => false });
    expect((await load({ never })).state).toEqual({ never: null });
  });

  test("that depend on a row are one level later; a sum beyond exact numbers is an error, not a guess", async () => {
    const order: ErasedLoad = { from: ordersRepository, where: { id: () => id(21) } };
    const lines: ErasedLoad = {
      from: orderLinesRepository,
      where: { orderId: ({ state }) => state["order"]?.["id"] },
      aggregate: { pieces: { sum: "quantity" } },
      after: ["order"],
    };
    const { state, bursts } = await load({ order, lines });
    expect([state["lines"], bursts]).toEqual([{ pieces: 3 }, 2]);

    await database.db.insert(tickets).values([{ tenantId, title: "a" }]);
    await database.rows("insert into tickets (id, tenant_id, title) overriding system value values (9007199254740993, 't', 'big')");
    const ids: ErasedLoad = { from: ticketsRepository, where: {}, aggregate: { sum: { sum: "id" } } };
    await expect(load({ ids })).rejects.toThrow('The aggregate "sum" is 9007199254740994: more than a number holds exactly');
  });
});

describe("missing with a list", () => {
  const errors = { Unknown: { kind: "not-found" as const, message: "" } };
  const catalogue = (skus: readonly string[]): Definition["state"] => ({
    catalogue: { from: productsRepository, where: { sku: { in: () => skus } }, cardinality: "many", keyBy: "sku", missing: "Unknown" },
  });
  test("every value must have found a row", async () => {
    expect((await load(catalogue(["A", "B", "A"]), {}, { errors })).state["catalogue"]).toHaveProperty("size", 2);
    await expect(load(catalogue(["A", "Z"]), {}, { errors })).rejects.toMatchObject({ code: "Unknown" });
  });

  test("uuids in capital letters are the same uuids", async () => {
    const found = many({ id: { in: () => [id(1).toUpperCase(), id(3)] } }, { missing: "Unknown" });
    expect(ids((await load({ found }, {}, { errors })).state["found"])).toEqual([1, 3]);
  });
});

describe("merging", () => {
  const place = (location: number, lock: ErasedLoad["lock"] = "no key update"): ErasedLoad => ({
    from: balancesRepository,
    where: {
      tenantId: ({ actor }) => actor.tenantId,
      sku: ({ command }) => command["sku"],
      locationId: location === 11 ? () => id(11) : () => id(12),
    },
    ...(lock && { lock }),
  });

  test("loads of one table and lock are one statement, whose parameters are shared", async () => {
    const { state, selects } = await load({ a: place(11), b: place(12) }, { sku: "A" });
    expect(state).toMatchObject({ a: { id: id(1) }, b: { id: id(2) } });
    expect(selects).toHaveLength(1);
    // Tenant, SKU and two places; each mentioned twice.
    expect(selects[0]).toContain("$4");
    expect(selects[0]).not.toContain("$5");
    expect(selects[0]).toMatch(/current_setting\('usecase\.go', true\) = '1' and .* order by "balances"\."id" for no key update$/);
  });

  test("loads that find one row share one object", async () => {
    const { state } = await load({ a: place(11), b: many({ sku: () => "A" }, { lock: "no key update" }) }, { sku: "A" });
    expect((state["b"] as unknown[])[0]).toBe(state["a"]);
  });

  test("a load with a limit, an order or another wait stands alone; so does another lock", async () => {
    const state = {
      a: many({}, { limit: 1 }),
      b: many({}, { orderBy: [{ column: "sku" }] }),
      c: many({}, { lock: "update", wait: "skip locked" }),
      d: many({}, { lock: "share" }),
      e: many({}, { lock: "update" }),
      f: many({}),
      g: many({ sku: () => "A" }),
    };
    const { selects } = await load(state);
    expect(selects.map((text) => text.replace(/^.* order by /, "").replaceAll(/"balances"\./g, ""))).toEqual([
      '"id" for update skip locked',
      '"id" for update',
      '"id" for share',
      '"id" limit $2',
      '"sku", "id"',
      '"id"',
    ]);
  });

  test("locked statements come first, in the global order, then by name; then the unlocked ones", async () => {
    const from = (repository: ErasedLoad["from"], lock?: ErasedLoad["lock"]): ErasedLoad => ({
      from: repository,
      where: {},
      cardinality: "many",
      ...(lock && { lock }),
    });
    const state = {
      a: from(balancesRepository),
      b: from(productsRepository, "update"),
      c: from(balancesRepository, "no key update"),
      d: from(orderLinesRepository, "share"),
      e: from(ordersRepository, "update"),
    };
    const { selects, bursts } = await load(state, {}, { lockOrder: ["orders", "balances"] });
    expect(selects.map((text) => /from "(\w+)"/.exec(text)?.[1])).toEqual(["orders", "balances", "order_lines", "products", "balances"]);
    expect(bursts).toBe(1);
  });
});

describe("locks and waits", () => {
  /** What a load gives while somebody else holds row 1 with this lock. */
  const beside = (held: string, state: Definition["state"], lockTimeoutMs: number) =>
    database.driver.session(async (session) => {
      await session.burst([[{ text: `begin; select 1 from balances where id = '${id(1)}' ${held}` }]]);
      const transaction = { lockTimeoutMs, statementTimeoutMs: 5_000, retries: 0 };
      const found = await load(state, { sku: "A" }, { transaction }).then(
        ({ state: rows }) => ids(Object.values(rows).flat()),
        (error: { code?: string }) => error.code,
      );
      await session.burst([[{ text: "rollback" }]]);
      return found;
    });
  const row = (more: Partial<ErasedLoad>) => ({ rows: many({ sku: () => "A" }, more) });

  test.each<[string, string, Partial<ErasedLoad>, readonly number[] | "LockTimeout"]>([
    ["no lock", "for update", {}, [1, 2]],
    ["share beside share", "for share", { lock: "share" }, [1, 2]],
    ["share beside no key update", "for no key update", { lock: "share" }, "LockTimeout"],
    ["no key update beside a child's foreign key", "for key share", { lock: "no key update" }, [1, 2]],
    ["update beside a child's foreign key", "for key share", { lock: "update" }, "LockTimeout"],
    ["no key update beside itself", "for no key update", { lock: "no key update" }, "LockTimeout"],
    ["nowait", "for update", { lock: "no key update", wait: "nowait" }, "LockTimeout"],
    ["skip locked", "for update", { lock: "no key update", wait: "skip locked" }, [2]],
    [
      "the first that nobody has",
      "for update",
      { lock: "no key update", wait: "skip locked", orderBy: [{ column: "quantity" }], limit: 1 },
      [2],
    ],
  ])("%s", async (_, held, more, expected) => {
    // Who does not wait does so whatever the limit.
    expect(await beside(held, row(more), more.wait === "nowait" ? 60_000 : 50)).toEqual(expected);
  });
});

test("arrays are asked for what they contain", async () => {
  await database.rows(
    "create table tagged (id integer primary key, tags text[]); insert into tagged values (1, '{a,b}'), (2, '{a}'), (3, null), (4, '{\"b,c\"}')",
  );
  const tagged = pgTable("tagged", { id: integer().primaryKey(), tags: text().array() });
  const from: Repository<Readonly<Record<string, unknown>>> = repository(tagged, { name: "tagged", key: ["id"] });
  const holding = async (tags: readonly string[]) => {
    const where = { tags: { arrayContains: () => tags } } as unknown as ErasedLoad["where"];
    const { state } = await load({ rows: { from, where, cardinality: "many" } });
    return (state["rows"] as readonly { id: number }[]).map((found) => found.id);
  };
  expect(await holding(["a"])).toEqual([1, 2]);
  expect(await holding(["b", "a"])).toEqual([1]);
  expect(await holding(["b,c"])).toEqual([4]);
  expect(await holding([])).toEqual([1, 2, 4]);
});

describe("dependent loads", () => {
  const state: Definition["state"] = {
    stock: {
      from: balancesRepository,
      where: {
        tenantId: ({ actor }) => actor.tenantId,
        sku: { in: ({ state: { lines } }) => (lines as unknown as { sku: string }[]).map(({ sku }) => sku) },
      },
      cardinality: "many",
      lock: "no key update",
      after: ["lines"],
    },
    lines: {
      from: orderLinesRepository,
      where: { orderId: ({ state: { order } }) => order?.["id"] },
      cardinality: "many",
      after: ["order"],
    },
    order: { from: ordersRepository, where: { id: ({ command }) => command["orderId"] }, lock: "no key update" },
  };

  test("each level is a burst more", async () => {
    const { state: found, bursts } = await load(state, { orderId: id(21) });
    expect(bursts).toBe(3);
    expect([ids([found["order"]]), ids(found["lines"]), ids(found["stock"])]).toEqual([[21], [31, 32], [1, 2, 3]]);
  });

  test("what a missing row would have led to is not asked", async () => {
    await expect(load(state, { orderId: id(99) })).rejects.toMatchObject({ code: "NotFound", details: { state: "order" } });
  });

  test("a circle is an error of the definition", async () => {
    const circle = { a: many({}, { after: ["b"] }), b: many({}, { after: ["a"] }) };
    await expect(load(circle)).rejects.toThrow("depend on each other");
  });
});

describe("when", () => {
  test("a load that does not take place is null, empty, or an empty map; its conditions are not evaluated", async () => {
    const never = { when: () => false };
    const throws = {
      sku: {
        eq: () => "A",
        when: (): boolean => {
          throw new Error("evaluated");
        },
      },
    };
    const { state, selects } = await load({
      one: { ...many(throws, never), cardinality: "optional" },
      rows: many({}, never),
      map: many({}, { ...never, keyBy: "id" }),
      other: many({ sku: () => "B" }),
    });
    expect(state).toMatchObject({ one: null, rows: [], map: new Map() });
    expect(ids(state["other"])).toEqual([3]);
    expect(selects).toHaveLength(1);
  });

  test("a load of cardinality one that does not take place is not missing", async () => {
    const { cardinality: _, ...one } = many({ sku: () => "Z" }, { when: ({ command }: ErasedScope) => command["wanted"] === true });
    expect((await load({ one })).state).toEqual({ one: null });
    await expect(load({ one }, { wanted: true })).rejects.toMatchObject({ code: "NotFound" });
  });
});

test("conditions that read alike but differ are told apart, not confused", async () => {
  const by = (value: string) => () => value;
  const state = { a: many({ sku: by("A") }), b: many({ sku: by("B") }) };
  await expect(load(state)).rejects.toThrow("their functions close over something");
});

describe("queries", () => {
  const query = (state: Definition["state"], computedResult: Definition["computedResult"]) => {
    const { audit: _, ...definition } = {
      name: "Query",
      query: true as const,
      state,
      ...(computedResult && { computedResult }),
    } as Partial<Definition> & { name: string };
    return testUseCase({ ...definition, audit: undefined as never });
  };
  const run = async (useCase: ReturnType<typeof query>) => {
    const bursts: string[][] = [];
    const driver: Driver = {
      ...database.driver,
      session: (work) =>
        database.driver.session((session) =>
          work({
            burst(items) {
              bursts.push(items.map(([{ text }]) => text));
              return session.burst(items);
            },
          }),
        ),
    };
    return { answer: await createUseCaseCore({ driver, clock: () => noon }).execute(useCase, {}, context), bursts };
  };

  test("one statement has no transaction", async () => {
    const { answer, bursts } = await run(query({ all: many({}) }, { n: ({ state }) => (state["all"] as unknown as unknown[]).length }));
    expect(answer).toEqual({ result: { n: 3 }, replayed: false, auditId: null, attempts: 1 });
    expect(bursts).toEqual([[expect.stringMatching(/^select .* order by "balances"\."id"$/)]]);
  });

  test("several have one read-only snapshot, in one burst", async () => {
    const state = { all: many({}), order: { from: ordersRepository, where: { id: () => id(21) } } };
    const { answer, bursts } = await run(query(state, { status: ({ state: { order } }) => order?.["status"] }));
    expect(answer.result).toEqual({ status: "paid" });
    expect(bursts.map((burst) => burst.map((text) => text.split(" ").slice(0, 2).join(" ")))).toEqual([
      ["begin isolation", "select set_config('statement_timeout',", 'select "id",', 'select "id",', "commit"],
    ]);
    expect(bursts[0]?.[0]).toContain("repeatable read read only");
  });

  test("an audited query leaves a row", async () => {
    const useCase = testUseCase({ name: "Peek", query: true, state: { all: many({}) }, audit: { action: "stock.peeked" } });
    const { answer } = await run(useCase);
    expect(await database.rows("select action, outcome, changes from usecase_audit where id = $1", [answer.auditId])).toEqual([
      { action: "stock.peeked", outcome: "committed", changes: [] },
    ]);
  });
});
