// Advisory locks and ids from sequences: what is loaded though no row is.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { openEmbeddedDatabase } from "../testing/server/fixtures/embedded.js";
import { noon } from "../testing/server/fixtures/stock.js";
import { balances, balancesRepository, invoicesRepository, tickets, ticketsRepository } from "../testing/server/fixtures/tables.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { createUseCaseCore, type UseCaseCore } from "./core.js";
import type { Definition, Fields } from "./internals.js";
import type { Driver } from "./ports.js";

const idempotency: Definition["idempotency"] = { key: "caller", scope: "tenant", retentionSeconds: 60 };

/** The driver, and every burst that it sends. */
function listened(driver: Driver): { readonly driver: Driver; readonly bursts: string[][] } {
  const bursts: string[][] = [];
  const session: Driver["session"] = (work) =>
    driver.session((inner) =>
      work({
        burst(items) {
          bursts.push(items.map(([{ text }]) => text));
          return inner.burst(items);
        },
      }),
    );
  return { driver: { ...driver, session }, bursts };
}

describe.each([
  ["node-postgres", openRuntimeDatabase],
  ["PGlite", openEmbeddedDatabase],
])("over %s", (_, open) => {
  let database: RuntimeDatabase;
  let core: UseCaseCore;
  let bursts: string[][];
  const tenantId = `t-${randomUUID()}`;
  const context = () => ({ actor: { type: "user", id: "u-1", tenantId }, idempotencyKey: randomUUID() });
  beforeAll(async () => {
    database = await open();
    const listener = listened(database.driver);
    bursts = listener.bursts;
    core = createUseCaseCore({ driver: listener.driver, clock: () => noon });
    await database.db.insert(balances).values({ id: randomUUID(), tenantId, sku: "A", locationId: randomUUID(), quantity: 1 });
  });
  afterAll(() => database.close());

  describe("ids of sequences", () => {
    const open = (more: Partial<Definition> = {}) =>
      testUseCase(
        {
          name: "OpenTicket",
          idempotency,
          sequences: { ticketId: { from: ticketsRepository, column: "id" }, invoiceId: { from: invoicesRepository, column: "id" } },
          writes: { tickets: { into: ticketsRepository, insert: true }, invoices: { into: invoicesRepository, insert: true } },
          ...more,
        },
        ({ state, writes }) => {
          const { tickets, invoices } = writes as Readonly<Record<string, { insert(row: object): Fields }>>;
          const ticket = tickets?.insert({ id: state["ticketId"], title: "t" });
          if (state["invoiceId"] !== null) invoices?.insert({ id: state["invoiceId"], amount: "1.50" });
          return { result: { ticketId: ticket?.["id"], invoiceId: state["invoiceId"] } };
        },
      );

    test("are known before the insert that takes them; still two bursts", async () => {
      bursts.length = 0;
      const first = await core.execute(open(), {}, context());
      const second = await core.execute(open(), {}, context());
      expect([first.result, second.result]).toEqual([
        { ticketId: 1, invoiceId: 1 },
        { ticketId: 2, invoiceId: 2 },
      ]);
      expect(bursts).toHaveLength(4);
      expect(await database.rows("select id::int, title from tickets order by id")).toEqual([
        { id: 1, title: "t" },
        { id: 2, title: "t" },
      ]);
      // Others who let the database number go on from there.
      await database.db.insert(tickets).values({ tenantId, title: "by hand" });
      expect(await database.rows("select max(id)::int as id from tickets")).toEqual([{ id: 3 }]);
      const [audit] = await database.rows<{ changes: Fields[] }>("select changes from usecase_audit where id = $1", [first.auditId]);
      expect(audit?.changes).toMatchObject([{ key: { id: 1 }, after: { id: 1, title: "t", tenantId } }, { key: { id: 1 } }]);
    });

    test("a replay takes none", async () => {
      const own = context();
      const first = await core.execute(open(), {}, own);
      const last = await database.rows("select last_value from tickets_id_seq");
      expect(await core.execute(open(), {}, own)).toEqual({ ...first, replayed: true });
      expect(await database.rows("select last_value from tickets_id_seq")).toEqual(last);
    });

    test("with a `when` that is false it is null, and none is taken", async () => {
      const sequences = {
        ticketId: { from: ticketsRepository, column: "id" },
        invoiceId: {
          from: invoicesRepository,
          column: "id",
          when: ({ state }) => state["balance"]?.["quantity"] === 99,
          after: ["balance"],
        },
      } satisfies Definition["sequences"];
      const balance = {
        from: balancesRepository,
        where: { tenantId: ({ actor }) => actor.tenantId },
      } satisfies Definition["state"][string];
      const before = await database.rows('select last_value from "Invoices_Id_seq"');
      const { result } = await core.execute(open({ sequences, state: { balance } }), {}, context());
      expect(result).toMatchObject({ invoiceId: null });
      expect(await database.rows('select last_value from "Invoices_Id_seq"')).toEqual(before);
    });

    test("of a column without one are an error that names it", async () => {
      const sequences = { ticketId: { from: balancesRepository, column: "quantity" } };
      await expect(core.execute(open({ sequences }), {}, context())).rejects.toThrow('balances: "quantity" has no sequence');
    });

    test("are not taken by a question", async () => {
      const last = await database.rows("select last_value from tickets_id_seq");
      expect(await core.can(open(), {}, context())).toEqual({ ok: true });
      expect(await database.rows("select last_value from tickets_id_seq")).toEqual(last);
    });
  });

  describe("advisory locks", () => {
    const locks = {
      b: { key: ({ command }) => command["email"] },
      a: { key: () => "a" },
      none: { key: () => "never", when: () => false },
      again: { key: () => "a" },
    } satisfies Definition["advisoryLocks"];
    const held = async () =>
      (
        await database.rows<{ n: number }>(
          "select count(*)::int as n from pg_locks where locktype = 'advisory' and objsubid = 1 and database = (select oid from pg_database where datname = current_database())",
        )
      )[0]?.n;

    test("are taken in the first burst, before rows, in one statement; and given back with the transaction", async () => {
      bursts.length = 0;
      const state: Definition["state"] = {
        all: { from: balancesRepository, where: {}, cardinality: "many", lock: "no key update" },
      };
      const useCase = testUseCase({ name: "Lock", idempotency, state, advisoryLocks: locks }, (input) => ({
        result: { seen: Object.keys(input.state) },
      }));
      const { result } = await core.execute(useCase, { email: "x@example.org" }, context());
      expect(result).toEqual({ seen: ["all"] });
      expect(bursts.map((burst) => burst.map((text) => text.split(/[ (]/).slice(0, 2).join(" ")))).toEqual([
        ["begin isolation", "with l", "select pg_advisory_xact_lock", 'select "id",'],
        ["with w_audit", "commit"],
      ]);
      expect(await held()).toBe(0);
      expect(core.explain(useCase)).toContain("lock order  b (advisory); a (advisory)");
    });

    test("of what a row says are taken after it", async () => {
      bursts.length = 0;
      const advisoryLocks = {
        sku: { key: ({ state }) => state["one"]?.["sku"], after: ["one"] },
      } satisfies Definition["advisoryLocks"];
      const one = { from: balancesRepository, where: { tenantId: ({ actor }) => actor.tenantId } } satisfies Definition["state"][string];
      await core.execute(
        testUseCase({ name: "LockLater", state: { one }, advisoryLocks }, () => ({ result: {} })),
        {},
        context(),
      );
      expect(bursts.map((burst) => burst.some((text) => text.includes("pg_advisory_xact_lock(k)")))).toEqual([false, true, false]);
    });

    test("that have no key are an error", async () => {
      const useCase = testUseCase({ name: "LockNothing", advisoryLocks: { x: { key: () => null } } }, () => ({ result: {} }));
      await expect(core.execute(useCase, {}, context())).rejects.toThrow("The key of the lock x is null");
    });
  });
});

describe("waiting", () => {
  let database: RuntimeDatabase;
  beforeAll(async () => {
    database = await openRuntimeDatabase();
  });
  afterAll(() => database.close());

  test("calls with one key are one after the other, also of two use cases, and in whatever order they name the keys", async () => {
    const core = createUseCaseCore({ driver: database.driver, clock: () => noon });
    const tenantId = "t-1";
    let inside = 0;
    let most = 0;
    const useCase = (name: string, keys: readonly string[]) =>
      testUseCase({ name, advisoryLocks: Object.fromEntries(keys.map((key) => [key, { key: () => key }])) }, async () => {
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
        return { result: {} };
      });
    const [there, back] = [useCase("There", ["x", "y"]), useCase("Back", ["y", "x"])];
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => core.execute(n % 2 === 0 ? there : back, {}, { actor: { type: "user", id: "u", tenantId } })),
    );
    expect(most).toBe(1);
    // No deadlock was resolved by running a call again.
    expect(new Set(answers.map(({ attempts }) => attempts))).toEqual(new Set([1]));
  });

  test("longer than the lock timeout is refused", async () => {
    const core = createUseCaseCore({ driver: database.driver, clock: () => noon });
    const transaction = { lockTimeoutMs: 50, statementTimeoutMs: 5_000, retries: 0 };
    const inner = testUseCase({ name: "Inner", transaction, advisoryLocks: { x: { key: () => "slow" } } }, () => ({ result: {} }));
    const context = { actor: { type: "user", id: "u", tenantId: "t-1" } };
    const outer = testUseCase({ name: "Outer", advisoryLocks: { x: { key: () => "slow" } } }, async () => {
      const { ok, ...answer } = await core.tryExecute(inner, {}, context);
      return { result: { ok, code: "error" in answer ? answer.error.code : null } };
    });
    expect((await core.execute(outer, {}, context)).result).toEqual({ ok: false, code: "LockTimeout" });
  });
});
