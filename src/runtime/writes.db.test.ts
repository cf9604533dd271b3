import { randomUUID } from "node:crypto";
import { integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { noon } from "../testing/server/fixtures/stock.js";
import {
  balances,
  balancesRepository,
  movementsRepository,
  orderLinesRepository,
  orders,
  ordersRepository,
  products,
  productsRepository,
  settings,
  settingsRepository,
} from "../testing/server/fixtures/tables.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { createUseCaseCore, type UseCaseCore } from "./core.js";
import type { Definition, Fields } from "./internals.js";
import { type Repository, repository } from "./repository.js";

let database: RuntimeDatabase;
let core: UseCaseCore;
let tenantId: string;
const [a, b] = [randomUUID(), randomUUID()];
beforeAll(async () => {
  database = await openRuntimeDatabase();
  core = createUseCaseCore({ driver: database.driver, clock: () => noon });
});
afterAll(() => database.close());
beforeEach(async () => {
  tenantId = `t-${randomUUID()}`;
  await database.rows("truncate balances, orders, order_lines, products, settings, movements");
  await database.db.insert(balances).values([
    { id: a, tenantId, sku: "A", locationId: randomUUID(), quantity: 10 },
    { id: b, tenantId, sku: "B", locationId: randomUUID(), quantity: 20 },
  ]);
});

interface Table {
  insert(row: object): Fields;
  update(row: unknown, changes: object): Fields;
  increment(key: object, amounts: object): void;
  delete(row: unknown): void;
}
type Writes = Readonly<Record<"balances" | "orders" | "orderLines" | "products" | "movements" | "settings", Table>>;

const everything: Definition["writes"] = {
  balances: { into: balancesRepository, insert: true, update: ["quantity", "reserved"], increment: ["quantity", "reserved"], delete: true },
  orders: { into: ordersRepository, insert: true, update: true, delete: true },
  orderLines: { into: orderLinesRepository, insert: true, update: true, delete: true },
  products: { into: productsRepository, insert: true, increment: ["timesOrdered", "price"] },
  movements: { into: movementsRepository, insert: true },
  settings: { into: settingsRepository, insert: true, update: ["value"], increment: ["reads"], delete: true },
};

const stock: Definition["state"] = {
  all: {
    from: balancesRepository,
    where: { tenantId: ({ actor }) => actor.tenantId },
    cardinality: "many",
    lock: "no key update",
    orderBy: [{ column: "sku" }],
  },
};

/** Runs `change` as a handler over the tenant's balances, A and B. */
async function run(change: (writes: Writes, a: Fields, b: Fields) => unknown, definition: Partial<Definition> = {}) {
  const useCase = testUseCase({ name: "Change", state: stock, writes: everything, ...definition }, (input) => {
    const [first = {}, second = {}] = (input.state["all"] ?? []) as unknown as Fields[];
    return { result: { given: change(input["writes"] as Writes, first, second) ?? null } };
  });
  const { result, auditId, attempts } = await core.execute(useCase, {}, { actor: { type: "user", id: "u-1", tenantId } });
  const [audit] = await database.rows<{ changes: Fields[] }>("select changes from usecase_audit where id = $1", [auditId]);
  return { given: result["given"], changes: audit?.changes ?? [], attempts };
}
const quantities = async () =>
  (
    await database.rows<{ sku: string; quantity: number; reserved: number }>(
      "select sku, quantity, reserved from balances where tenant_id = $1 order by sku",
      [tenantId],
    )
  ).map(({ sku, quantity, reserved }) => `${sku} ${quantity}/${reserved}`);

describe("updates", () => {
  test("of one row are merged; each returns the row as it will be", async () => {
    const { given, changes } = await run(({ balances }, row) => {
      const once = balances.update(row, { quantity: 11 });
      const twice = balances.update(once, { quantity: Number(once["quantity"]) + 1, reserved: 2 });
      return [once["quantity"], twice["quantity"], twice["reserved"], Object.isFrozen(twice)];
    });
    expect(given).toEqual([11, 12, 2, true]);
    expect(await quantities()).toEqual(["A 12/2", "B 20/0"]);
    expect(changes).toEqual([
      {
        table: "balances",
        operation: "update",
        key: { id: a },
        before: { quantity: 10, reserved: 0 },
        after: { quantity: 12, reserved: 2 },
      },
    ]);
  });

  test("of rows with different columns, and an increment of another, are one statement", async () => {
    await run(({ balances }, first, second) => {
      balances.update(first, { quantity: 1 });
      balances.update(second, { reserved: 2 });
      balances.increment({ id: second["id"] }, { quantity: 5 });
      balances.increment({ id: second["id"] }, { quantity: -1 });
    });
    expect(await quantities()).toEqual(["A 1/0", "B 24/2"]);
  });

  test("that an increment of the same row went before know the row for the audit", async () => {
    const { changes } = await run(({ balances }, row) => {
      balances.increment({ id: row["id"] }, { reserved: 1 });
      balances.update(row, { quantity: 3 });
    });
    expect(changes).toMatchObject([{ before: { quantity: 10 }, after: { quantity: 3 }, increments: { reserved: 1 } }]);
    expect(await quantities()).toEqual(["A 3/1", "B 20/0"]);
  });

  test("of many rows", async () => {
    await database.db.insert(settings).values(Array.from({ length: 3000 }, (_, n) => ({ tenantId, name: `n${n}`, value: "old" })));
    const state: Definition["state"] = {
      rows: { from: settingsRepository, where: { tenantId: ({ actor }) => actor.tenantId }, cardinality: "many", lock: "update" },
    };
    for (const length of [1, 2, 5, 70, 3000]) {
      const useCase = testUseCase({ name: "ChangeMany", state, writes: everything }, (input) => {
        for (const row of ((input.state["rows"] ?? []) as unknown as Fields[]).slice(0, length)) {
          (input["writes"] as Writes).settings.update(row, { value: `length ${length}` });
        }
        return { result: {} };
      });
      await core.execute(useCase, {}, { actor: { type: "user", id: "u-1", tenantId } });
      const [{ n } = { n: 0 }] = await database.rows<{ n: number }>("select count(*)::int n from settings where value = $1", [
        `length ${length}`,
      ]);
      expect(n).toBe(length);
    }
  });
});

describe("inserts", () => {
  test("complete key, tenant, initial state; an update of an own insert is part of it", async () => {
    const { given, changes } = await run(({ orders: table, orderLines }) => {
      const order = table.insert({ orderNumber: "1", secretNote: undefined });
      const line = orderLines.insert({ orderId: order["id"], sku: "A", quantity: 1 });
      const changed = orderLines.update(line, { quantity: 5 });
      orderLines.update(changed, { sku: "B" });
      return order["id"];
    });
    expect(given).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(
      await database.rows("select o.id, o.tenant_id, o.status, l.sku, l.quantity from orders o join order_lines l on l.order_id = o.id"),
    ).toEqual([{ id: given, tenant_id: tenantId, status: "draft", sku: "B", quantity: 5 }]);
    expect(changes.map(({ operation }) => operation)).toEqual(["insert", "insert"]);
  });

  test("that are deleted again were never there", async () => {
    const { changes } = await run(({ orders: table, balances }, row) => {
      balances.update(row, { quantity: 9 });
      table.delete(table.insert({ orderNumber: "1" }));
    });
    expect(changes).toMatchObject([{ table: "balances" }]);
    expect(await database.rows("select 1 from orders")).toEqual([]);
  });

  test.each([49, 51, 20_000])("of %i rows keep every value", async (length) => {
    await run(({ movements }) => {
      for (let n = 0; n < length; n++) movements.insert({ sku: `sku "${n}" \\`, quantity: n, note: n % 2 === 0 ? null : "it's\n{}" });
    });
    const [sums] = await database.rows<object>(
      "select count(*)::int n, sum(quantity)::int quantities, count(note)::int notes, max(note) note, min(sku) sku, count(moved_at)::int times from movements where tenant_id = $1",
      [tenantId],
    );
    const quantities = (length * (length - 1)) / 2;
    expect(sums).toEqual({ n: length, quantities, notes: Math.floor(length / 2), note: "it's\n{}", sku: 'sku "0" \\', times: length });
  });

  test("parents and children of one call, children first", async () => {
    const orderId = randomUUID();
    await run(({ orders: table, orderLines }) => {
      orderLines.insert({ orderId, sku: "A", quantity: 1 });
      table.insert({ id: orderId, orderNumber: "1" });
    });
    expect(await database.rows("select count(*)::int n from order_lines")).toEqual([{ n: 1 }]);
  });
});

describe("deletes", () => {
  test("replace updates; the audit keeps the row", async () => {
    const { changes } = await run(({ balances }, row) => balances.delete(balances.update(row, { quantity: 0 })) as never);
    expect(await quantities()).toEqual(["B 20/0"]);
    expect(changes).toMatchObject([{ operation: "delete", key: { id: a }, before: { quantity: 10, sku: "A" } }]);
  });

  test.each([1, 60])("free their unique values for %i new rows of the same call", async (length) => {
    await database.db.insert(orders).values(Array.from({ length }, (_, n) => ({ id: randomUUID(), tenantId, orderNumber: `n${n}` })));
    const state: Definition["state"] = {
      rows: { from: ordersRepository, where: { tenantId: ({ actor }) => actor.tenantId }, cardinality: "many", lock: "update" },
    };
    const replace = testUseCase({ name: "Replace", state, writes: everything }, (input) => {
      const { orders: table } = input["writes"] as Writes;
      for (const row of (input.state["rows"] ?? []) as unknown as Fields[]) {
        table.insert({ orderNumber: row["orderNumber"], secretNote: "new" });
        table.delete(row);
      }
      return { result: {} };
    });
    await core.execute(replace, {}, { actor: { type: "user", id: "u-1", tenantId } });
    expect(await database.rows("select count(*)::int n, count(secret_note)::int fresh from orders")).toEqual([
      { n: length, fresh: length },
    ]);
  });

  test("of rows that another call has deleted meanwhile run the call again", async () => {
    let runs = 0;
    const unlocked: Definition["state"] = { all: { ...stock["all"], lock: "none" } as Definition["state"][string] };
    const useCase = testUseCase({ name: "Race", state: unlocked, writes: everything }, async (input) => {
      runs += 1;
      const rows = input.state["all"] as unknown as Fields[];
      if (runs === 1) await database.rows("delete from balances where id = $1", [a]);
      for (const row of rows) (input["writes"] as Writes).balances.delete(row);
      return { result: { deleted: rows.length } };
    });
    const answer = await core.execute(useCase, {}, { actor: { type: "user", id: "u-1", tenantId } });
    expect(answer).toMatchObject({ attempts: 2, result: { deleted: 1 } });
  });
});

describe("increments", () => {
  test("add without a load, exactly, also to numeric columns", async () => {
    await database.db.insert(products).values([
      { sku: "A", price: "0.10" },
      { sku: "B", price: "1.00" },
    ]);
    const { changes } = await run(({ products: table }) => {
      table.increment({ sku: "B" }, { timesOrdered: 1 });
      table.increment({ sku: "A" }, { timesOrdered: 2, price: "0.10" });
      table.increment({ sku: "A" }, { price: "0.20", timesOrdered: undefined });
    });
    expect(await database.rows("select sku, price, times_ordered from products order by sku")).toEqual([
      { sku: "A", price: "0.40", times_ordered: 2 },
      { sku: "B", price: "1.00", times_ordered: 1 },
    ]);
    expect(changes).toEqual([
      { table: "products", operation: "update", key: { sku: "B" }, increments: { timesOrdered: 1 } },
      { table: "products", operation: "update", key: { sku: "A" }, increments: { timesOrdered: 2, price: "0.30" } },
    ]);
  });

  test("of another tenant's row, or of none, change nothing", async () => {
    await database.db.insert(settings).values({ tenantId: "other", name: "n", value: "v" });
    const increment = run(({ settings: table }) => table.increment({ tenantId: "other", name: "n" }, { reads: 1 }) as never);
    await expect(increment).rejects.toMatchObject({ code: "ConcurrencyConflict" });
    expect(await database.rows("select reads from settings")).toEqual([{ reads: 0 }]);
  });

  test("by concurrent calls never wait for each other in a circle, whatever plans they get", async () => {
    // Stored in the opposite order of their keys: a call that changes most rows meets them as they lie there, one that
    // changes a few meets them by the index.
    const skus = Array.from({ length: 4000 }, (_, n) => `sku-${String(n).padStart(4, "0")}`);
    await database.db.insert(products).values(skus.toReversed().map((sku) => ({ sku, price: "1" })));
    await database.rows("analyze products");
    const half = skus.filter((_, n) => n % 4 === 0);
    const few = skus.filter((_, n) => n % 400 === 0);
    const calls = Array.from({ length: 60 }, (_, n) =>
      run(
        ({ products: table }) => {
          for (const sku of n % 3 === 0 ? half : few) table.increment({ sku }, { timesOrdered: 1 });
        },
        { state: {} },
      ),
    );
    expect((await Promise.all(calls)).map(({ attempts }) => attempts)).toEqual(calls.map(() => 1));
    expect(await database.rows("select times_ordered n, count(*)::int from products group by n order by n")).toEqual([
      { n: 0, count: 3000 },
      { n: 20, count: 990 },
      { n: 60, count: 10 },
    ]);
  });
});

describe("transitions", () => {
  const moves = { draft: "reserved", reserved: "paid" };
  const definition = (status: string): Partial<Definition> => ({
    state: { order: { from: ordersRepository, where: { orderNumber: () => status }, lock: "no key update" } },
    transitions: [{ state: "order", machine: "Order", event: "advance", field: "status", moves }],
  });
  const change = (status: string, apply: (writes: Writes, order: Fields) => void) =>
    core.execute(
      testUseCase({ name: "Advance", writes: everything, ...definition(status) }, (input) => {
        apply(input["writes"] as Writes, input.state["order"] ?? {});
        return { result: {} };
      }),
      {},
      { actor: { type: "user", id: "u-1", tenantId } },
    );
  beforeEach(async () => {
    await database.db.insert(orders).values([
      { id: a, tenantId, orderNumber: "draft", status: "draft" },
      { id: b, tenantId, orderNumber: "paid", status: "paid" },
    ]);
  });

  test("are written by the runtime, together with the handler's own changes", async () => {
    await change("draft", ({ orders: table }, order) => {
      expect(table.update(order, { secretNote: "s" })).toMatchObject({ status: "reserved", secretNote: "s" });
    });
    expect(await database.rows("select status, secret_note from orders where id = $1", [a])).toEqual([
      { status: "reserved", secret_note: "s" },
    ]);
  });

  test("that the state does not allow are refused with where it stands", async () => {
    await expect(change("paid", () => {})).rejects.toMatchObject({
      code: "InvalidTransition",
      details: { machine: "Order", event: "advance", from: "paid" },
    });
  });

  test("of many rows: every one takes the event, or none does", async () => {
    const state: Definition["state"] = {
      order: { from: ordersRepository, where: { tenantId: () => tenantId }, cardinality: "many", lock: "no key update" },
    };
    const advance = () =>
      core.execute(
        testUseCase({ name: "AdvanceAll", writes: everything, ...definition("any"), state }, () => ({ result: {} })),
        {},
        { actor: { type: "user", id: "u-1", tenantId } },
      );
    const statuses = async () =>
      (await database.rows<{ status: string }>("select status from orders where tenant_id = $1 order by status", [tenantId])).map(
        ({ status }) => status,
      );
    await expect(advance()).rejects.toMatchObject({ code: "InvalidTransition", details: { from: "paid" } });
    expect(await statuses()).toEqual(["draft", "paid"]);
    await database.rows("update orders set status = 'reserved' where id = $1", [b]);
    await advance();
    expect(await statuses()).toEqual(["reserved", "paid"]);
  });

  test("of an unlocked row that somebody else has moved meanwhile run the call again", async () => {
    let runs = 0;
    const state: Definition["state"] = { order: { from: ordersRepository, where: { orderNumber: () => "draft" } } };
    const useCase = testUseCase({ name: "Advance", writes: everything, ...definition("draft"), state }, async (input) => {
      runs += 1;
      if (runs === 1) await database.rows("update orders set status = 'reserved' where id = $1", [a]);
      return { result: { from: input.state["order"]?.["status"] } };
    });
    const answer = await core.execute(useCase, {}, { actor: { type: "user", id: "u-1", tenantId } });
    expect(answer).toMatchObject({ attempts: 2, result: { from: "reserved" } });
    expect(await database.rows("select status from orders where id = $1", [a])).toEqual([{ status: "paid" }]);
  });
});

test("columns that the schema's own functions fill: `$defaultFn` for each new row, `$onUpdate` at each change", async () => {
  await database.rows("create table stamped (id uuid primary key, note text, made text not null, changed integer not null)");
  let count = 0;
  const stamped = pgTable("stamped", {
    id: uuid().primaryKey(),
    note: text(),
    made: text()
      .notNull()
      .$defaultFn(() => `made ${++count}`),
    changed: integer()
      .notNull()
      .$onUpdate(() => ++count),
  });
  const into: Repository<Readonly<Record<string, unknown>>> = repository(stamped, { name: "stamped", key: ["id"] });
  const state: Definition["state"] = { rows: { from: into, where: {}, cardinality: "many", lock: "no key update" } };
  const run = (apply: (table: Table, rows: readonly Fields[]) => void) =>
    core.execute(
      testUseCase({ name: "Stamp", state, writes: { stamped: { into, insert: true, update: ["note"] } } }, (input) => {
        apply(
          (input["writes"] as Readonly<Record<string, Table>>)["stamped"] ?? expect.fail(),
          input.state["rows"] as unknown as readonly Fields[],
        );
        return { result: {} };
      }),
      {},
      { actor: { type: "user", id: "u-1", tenantId } },
    );
  const rows = () => database.rows("select note, made, changed from stamped order by made");
  await run((table) => {
    table.insert({ note: "a" });
    table.insert({ note: "b", made: "made by hand" });
  });
  expect(await rows()).toEqual([
    { note: "a", made: "made 1", changed: 2 },
    { note: "b", made: "made by hand", changed: 3 },
  ]);
  await run((table, [first]) => void table.update(first ?? expect.fail(), { note: "c" }));
  expect(await rows()).toContainEqual(expect.objectContaining({ note: "c", changed: 4 }));
});

test("a key of several columns, the tenant among them", async () => {
  await run(({ settings: table }) => {
    for (const name of ["a", "b", "c"]) table.insert({ name, value: "1" });
  });
  const state: Definition["state"] = {
    rows: { from: settingsRepository, where: { tenantId: ({ actor }) => actor.tenantId }, cardinality: "many", keyBy: "name" },
  };
  const useCase = testUseCase({ name: "Settings", state, writes: everything }, (input) => {
    const rows = input.state["rows"] as unknown as Map<string, Fields>;
    const { settings: table } = input["writes"] as Writes;
    table.update(rows.get("a"), { value: "2" });
    table.update(rows.get("c"), { value: "3" });
    table.increment({ tenantId, name: "c" }, { reads: 7 });
    table.delete(rows.get("b"));
    return { result: {} };
  });
  await core.execute(useCase, {}, { actor: { type: "user", id: "u-1", tenantId } });
  expect(await database.rows("select name, value, reads from settings order by name")).toEqual([
    { name: "a", value: "2", reads: 0 },
    { name: "c", value: "3", reads: 7 },
  ]);
});
