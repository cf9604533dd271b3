import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { moveInventory } from "../testing/server/fixtures/move-inventory.js";
import { noon, rowCounts, stockedTenant } from "../testing/server/fixtures/stock.js";
import { balancesRepository } from "../testing/server/fixtures/tables.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { createUseCaseCore, type UseCaseCore } from "./core.js";
import { DatabaseError } from "./database-error.js";
import type { Definition, Fields } from "./internals.js";
import type { Driver, Session } from "./ports.js";

let database: RuntimeDatabase;
let core: UseCaseCore;
beforeAll(async () => {
  database = await openRuntimeDatabase(20);
  core = createUseCaseCore({ driver: database.driver, authorizer: { authorize: () => true }, clock: () => noon });
});
afterAll(() => database.close());

const move = moveInventory();

/** The driver, with something done to each burst. */
function intercepted(
  burst: (session: Session, items: Parameters<Session["burst"]>[0], number: number) => ReturnType<Session["burst"]>,
): Driver {
  let number = 0;
  return {
    ...database.driver,
    session: (work) => database.driver.session((session) => work({ burst: (items) => burst(session, items, ++number) })),
  };
}

test("two moves A to B and B to A at once, again and again: no deadlock, and stock is conserved", async () => {
  const { tenantId, command, context } = await stockedTenant(database, 5_000, 5_000);
  const back = { ...command, fromLocationId: command.toLocationId, toLocationId: command.fromLocationId };
  const attempts: number[] = [];
  for (let round = 0; round < 50; round++) {
    const calls = Array.from({ length: 20 }, (_, n) =>
      core.execute(move, { ...(n % 2 === 0 ? command : back), quantity: 1 + (n % 7) }, { ...context, idempotencyKey: randomUUID() }),
    );
    attempts.push(...(await Promise.all(calls)).map((answer) => answer.attempts));
  }
  // A deadlock would have been retried: 40P01 is not even met.
  expect(new Set(attempts)).toEqual(new Set([1]));
  const [{ sum } = { sum: 0 }] = await database.rows<{ sum: number }>("select sum(quantity)::int from balances where tenant_id = $1", [
    tenantId,
  ]);
  expect(sum).toBe(10_000);
  expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 1000, audit: 1000 });
});

test("concurrent calls lose no update", async () => {
  const { tenantId, command, context } = await stockedTenant(database, 100);
  await Promise.all(
    Array.from({ length: 40 }, () => core.execute(move, { ...command, quantity: 1 }, { ...context, idempotencyKey: randomUUID() })),
  );
  expect(await rowCounts(database, tenantId)).toMatchObject({ quantity: 60, movements: 40 });
});

describe("run again as a whole", () => {
  /** Reads all of the tenant's balances without a lock and writes their sum into one of them: serializable calls conflict. */
  const rebalance = (retries: number) => {
    let arrived = 0;
    let open: () => void = () => {};
    const bothHaveRead = new Promise<void>((resolve) => {
      open = resolve;
    });
    const state: Definition["state"] = {
      all: { from: balancesRepository, where: { tenantId: ({ actor }) => actor.tenantId }, cardinality: "many" },
    };
    const writes: Definition["writes"] = { balances: { into: balancesRepository, update: true } };
    const transaction = { isolation: "serializable" as const, lockTimeoutMs: 2_000, statementTimeoutMs: 5_000, retries };
    return testUseCase({ name: "Rebalance", state, writes, transaction }, async (input) => {
      arrived += 1;
      if (arrived === 2) open();
      await bothHaveRead;
      const rows = input.state["all"] as unknown as Fields[];
      const row = rows.find((each) => each["id"] === input.command["id"]);
      const sum = rows.reduce((total, each) => total + Number(each["quantity"]), 0);
      (input["writes"] as { balances: { update(row: unknown, changes: object): void } }).balances.update(row, { quantity: sum });
      return { result: { sum } };
    });
  };

  test("40001: two serializable calls give what one after the other gives", async () => {
    const { tenantId, sourceId, destinationId, context } = await stockedTenant(database, 1, 2);
    const useCase = rebalance(20);
    const answers = await Promise.all([sourceId, destinationId].map((id) => core.execute(useCase, { id }, context)));
    expect(answers.map(({ result }) => result["sum"]).sort()).toEqual([3, expect.toSatisfy((sum: number) => sum === 4 || sum === 5)]);
    expect(Math.max(...answers.map(({ attempts }) => attempts))).toBeGreaterThan(1);
    expect(await rowCounts(database, tenantId)).toMatchObject({ audit: 2 });
  });

  test("40P01: a deadlock that somebody else's locks make", async () => {
    const { sourceId, destinationId, command, context } = await stockedTenant(database);
    const [first, second] = [sourceId, destinationId].sort();
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    // The other transaction is never the victim: it waits longer before it looks for a deadlock.
    await other.query("begin; set local deadlock_timeout = '20s'");
    await other.query("select 1 from balances where id = $1 for update", [second]);
    const call = core.execute(move, command, context);
    // The call holds the first row and waits for the second.
    await expect
      .poll(
        async () =>
          (await database.rows("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")).length,
      )
      .toBe(1);
    const otherWaits = other.query("select 1 from balances where id = $1 for update", [first]);
    await otherWaits;
    await other.query("rollback");
    await other.end();
    await expect(call).resolves.toMatchObject({ replayed: false, attempts: 2 });
  });

  test("a conflict that lasts is ConcurrencyConflict", async () => {
    const { tenantId, command, context } = await stockedTenant(database);
    let runs = 0;
    const driver = intercepted(async (session, items) => {
      if (items.some(([{ text }]) => text.startsWith("begin"))) runs += 1;
      if (items.some(([{ text }]) => text === "commit"))
        throw new DatabaseError("could not serialize", { sqlState: "40001", connectionLost: false });
      return session.burst(items);
    });
    const conflicted = createUseCaseCore({ driver, authorizer: { authorize: () => true }, clock: () => noon });
    const noKey = testUseCase({ name: "Never", transaction: { lockTimeoutMs: 100, statementTimeoutMs: 100, retries: 3 } }, () => ({
      result: {},
    }));
    await expect(conflicted.execute(noKey, command, context)).rejects.toMatchObject({ code: "ConcurrencyConflict", retryable: true });
    expect(runs).toBe(4);
    expect(await rowCounts(database, tenantId)).toMatchObject({ audit: 0 });
  });
});

test("a lock that somebody else holds for too long is LockTimeout", async () => {
  const { tenantId, sourceId, context } = await stockedTenant(database);
  const state: Definition["state"] = { row: { from: balancesRepository, where: { id: () => sourceId }, lock: "update" } };
  const impatient = testUseCase(
    { name: "Impatient", state, transaction: { lockTimeoutMs: 50, statementTimeoutMs: 5_000, retries: 3 } },
    () => ({ result: {} }),
  );
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  await other.query("begin");
  await other.query("select 1 from balances where id = $1 for update", [sourceId]);
  await expect(core.execute(impatient, {}, context)).rejects.toMatchObject({ code: "LockTimeout" });
  await other.end();
  expect(await rowCounts(database, tenantId)).toMatchObject({ audit: 0 });
});

test("a statement that runs for too long is Unavailable, with nothing done", async () => {
  const { tenantId, context } = await stockedTenant(database);
  await database.rows(
    "create or replace function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(1); return new; end $$",
  );
  await database.rows(
    "create or replace trigger slow before update on balances for each row when (new.reserved = 77) execute function slow()",
  );
  const state: Definition["state"] = {
    all: { from: balancesRepository, where: { tenantId: ({ actor }) => actor.tenantId }, cardinality: "many", lock: "update" },
  };
  const slow = testUseCase(
    {
      name: "Slow",
      state,
      writes: { balances: { into: balancesRepository, update: true } },
      transaction: { lockTimeoutMs: 2_000, statementTimeoutMs: 100, retries: 0 },
    },
    (input) => {
      const [row] = input.state["all"] as unknown as Fields[];
      (input["writes"] as { balances: { update(row: unknown, changes: object): void } }).balances.update(row, { reserved: 77 });
      return { result: {} };
    },
  );
  await expect(core.execute(slow, {}, context)).rejects.toMatchObject({ code: "Unavailable", details: { outcome: "none" } });
  expect(await rowCounts(database, tenantId)).toMatchObject({ audit: 0 });
});

describe("a connection that is lost", () => {
  const lost = () => new DatabaseError("gone", { sqlState: "57P01", connectionLost: true });

  test("before the write: nothing has happened", async () => {
    const { tenantId, command, context } = await stockedTenant(database);
    const driver = intercepted(async (session, items, number) => {
      if (number === 2) {
        await database.rows(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'",
        );
      }
      if (number === 2) throw lost();
      return session.burst(items);
    });
    const twoLevels = testUseCase(
      {
        name: "TwoLevels",
        state: {
          first: { from: balancesRepository, where: { tenantId: ({ actor }) => actor.tenantId }, cardinality: "many" },
          second: { from: balancesRepository, where: { tenantId: ({ actor }) => actor.tenantId }, cardinality: "many", after: ["first"] },
        },
      },
      () => ({ result: {} }),
    );
    const call = createUseCaseCore({ driver, clock: () => noon }).execute(twoLevels, command, context);
    await expect(call).rejects.toMatchObject({ code: "Unavailable", details: { outcome: "none" }, retryable: true });
    expect(await rowCounts(database, tenantId)).toMatchObject({ audit: 0 });
  });

  test.each([
    ["the commit took place", true],
    ["it did not", false],
  ])("around COMMIT is an unknown outcome; the same key again gives the one true one: %s", async (_, committed) => {
    const { tenantId, command, context } = await stockedTenant(database);
    const driver = intercepted(async (session, items, number) => {
      if (number === 2) {
        if (committed) await session.burst(items);
        throw lost();
      }
      return session.burst(items);
    });
    const call = createUseCaseCore({ driver, authorizer: { authorize: () => true }, clock: () => noon }).execute(move, command, context);
    await expect(call).rejects.toMatchObject({ code: "Unavailable", details: { outcome: "unknown" } });
    await expect(core.execute(move, command, context)).resolves.toMatchObject({ replayed: committed, result: { sourceQuantity: 70 } });
    expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 1, audit: 1, keys: 1, quantity: 70 });
  });

  test("a back end that is killed while the handler runs", async () => {
    const { tenantId, command, context } = await stockedTenant(database);
    const killed = testUseCase(
      {
        name: "Killed",
        state: {
          all: { from: balancesRepository, where: { tenantId: ({ actor }) => actor.tenantId }, cardinality: "many", lock: "update" },
        },
      },
      async () => {
        await database.rows(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'",
        );
        return { result: {} };
      },
    );
    await expect(core.execute(killed, {}, context)).rejects.toMatchObject({ code: "Unavailable" });
    expect(await rowCounts(database, tenantId)).toMatchObject({ audit: 0 });
    await expect(core.execute(move, command, context)).resolves.toMatchObject({ replayed: false });
  });
});

test("a commit that answers ROLLBACK is a failure", async () => {
  const { tenantId, command, context } = await stockedTenant(database);
  const driver = intercepted(async (session, items, number) => {
    if (number !== 2) return session.burst(items);
    // As a pooler does that has lost the transaction: the write never got there.
    await session.burst([[{ text: "rollback" }]]);
    return items.map(() => ({ rows: [], command: "ROLLBACK" }));
  });
  const call = createUseCaseCore({ driver, authorizer: { authorize: () => true }, clock: () => noon }).execute(move, command, context);
  await expect(call).rejects.toMatchObject({ code: "Unavailable", details: { outcome: "none" } });
  expect(await rowCounts(database, tenantId)).toMatchObject({ audit: 0, keys: 0 });
});

test("a write that has lost its transaction is refused by the server", async () => {
  const { tenantId, command, context } = await stockedTenant(database);
  const driver = intercepted(async (session, items, number) => {
    if (number === 2) await session.burst([[{ text: "rollback" }]]);
    return session.burst(items);
  });
  const call = createUseCaseCore({ driver, authorizer: { authorize: () => true }, clock: () => noon }).execute(move, command, context);
  // Run again as a whole, on a transaction of its own.
  await expect(call).resolves.toMatchObject({ attempts: 2 });
  expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 1, audit: 1 });
});

describe("events of one key", () => {
  const announce = (serialised: boolean) =>
    testUseCase(
      {
        name: "Announce",
        ...(serialised && {
          state: { row: { from: balancesRepository, where: { id: ({ command }) => command["id"] }, lock: "no key update" } },
        }),
        events: {
          Announced: {
            key: () => "one key",
            given: ["n"],
            ...(serialised && { serialisedBy: ["row"] }),
          },
        },
      },
      (input) => ({ result: {}, events: { Announced: { n: input.command["n"] } } }),
    );

  test.each([true, false])("are numbered in the order of their commits (serialised by a row: %s)", async (serialised) => {
    const { tenantId, sourceId, context } = await stockedTenant(database);
    let goOn: () => void = () => {};
    const written = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let hasWritten: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      hasWritten = resolve;
    });
    // The first call has its event's number and does not commit yet.
    const slow = intercepted(async (session, items, number) => {
      if (number !== 2) return session.burst(items);
      const results = await session.burst(items.slice(0, -1));
      hasWritten();
      await written;
      return [...results, ...(await session.burst(items.slice(-1)))];
    });
    const first = createUseCaseCore({ driver: slow, clock: () => noon }).execute(announce(serialised), { n: 1, id: sourceId }, context);
    await held;
    const settled: number[] = [];
    const second = core.execute(announce(serialised), { n: 2, id: sourceId }, context).then(() => settled.push(2));
    const waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
    await expect.poll(async () => settled.length > 0 || (await database.rows(waiting)).length > 0).toBe(true);
    expect(settled).toEqual([]);
    goOn();
    await Promise.all([first, second]);
    const payloads = await database.rows("select payload from usecase_outbox where tenant_id = $1 order by seq", [tenantId]);
    expect(payloads).toEqual([{ payload: { n: 1 } }, { payload: { n: 2 } }]);
  });
});
