// The promises of a call, over each driver that reaches a server: with real concurrency, and connections that really end.
import { randomUUID } from "node:crypto";
import pg from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTcpProxy } from "../drivers/conformance/tcp-proxy.js";
import { nodePostgres } from "../drivers/node-postgres.js";
import { postgresJs } from "../drivers/postgres-js.js";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { moveInventory } from "../testing/server/fixtures/move-inventory.js";
import { noon, rowCounts, stockedTenant } from "../testing/server/fixtures/stock.js";
import { createUseCaseCore, type UseCaseCore } from "./core.js";
import { UseCaseError } from "./errors.js";
import type { Executed } from "./execute.js";
import type { Erased, Fields } from "./internals.js";
import type { Driver } from "./ports.js";
import type { RelayMessage } from "./relay/message.js";
import { createRelay } from "./relay/relay.js";

let database: RuntimeDatabase;
beforeAll(async () => {
  database = await openRuntimeDatabase(2);
});
afterAll(() => database.close());

const move = moveInventory();
const connections = 12;

interface Opened {
  readonly driver: Driver;
  close(): Promise<void>;
}

const overPool =
  (pipeline: boolean) =>
  (connectionString: string): Opened => {
    const pool = new pg.Pool({ connectionString, pipeline, max: connections });
    return { driver: nodePostgres(pool), close: () => pool.end() };
  };
const overPostgresJs = (url: string): Opened => {
  const driver = postgresJs(postgres(url, { max: connections }));
  return { driver, close: () => driver.close() };
};

describe.each<[string, (url: string) => Opened]>([
  ["node-postgres, pipelined", overPool(true)],
  ["node-postgres, one by one", overPool(false)],
  ["postgres.js", overPostgresJs],
])("over %s", (_, open) => {
  const coreOver = (driver: Driver) => createUseCaseCore({ driver, authorizer: { authorize: () => true }, clock: () => noon });
  let direct: Opened;
  let core: UseCaseCore;
  beforeAll(() => {
    direct = open(database.url);
    core = coreOver(direct.driver);
  });
  afterAll(() => direct.close());

  test("50 calls with one key: one effect", async () => {
    const { tenantId, command, context } = await stockedTenant(database);
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => core.execute(move, command, context)));
    const answers = outcomes.filter((outcome) => outcome.status === "fulfilled").map(({ value }) => value);
    const refusals = outcomes.filter((outcome) => outcome.status === "rejected").map(({ reason }) => reason.code);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(answers.map(({ result }) => result["movementId"])).size).toBe(1);
    expect(refusals.filter((code) => code !== "IdempotencyInFlight")).toEqual([]);
    expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 1, audit: 1, keys: 1, quantity: 70 });
  });

  test("moves there and back at once, 1,000 times: no deadlock, and stock is conserved", async () => {
    const { tenantId, command, context } = await stockedTenant(database, 5_000, 5_000);
    const back = { ...command, fromLocationId: command.toLocationId, toLocationId: command.fromLocationId };
    const attempts = new Set<number>();
    for (let round = 0; round < 500; round++) {
      const calls = [command, back].map((one) => core.execute(move, { ...one, quantity: 1 }, { ...context, idempotencyKey: randomUUID() }));
      for (const answer of await Promise.all(calls)) attempts.add(answer.attempts);
    }
    // A deadlock would have been retried: 40P01 is not even met.
    expect([...attempts]).toEqual([1]);
    const rows = await database.rows("select quantity from balances where tenant_id = $1", [tenantId]);
    expect(rows).toEqual([{ quantity: 5_000 }, { quantity: 5_000 }]);
    expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 1_000, audit: 1_000, keys: 1_000 });
  });

  test("a handler that throws after it has queued changes leaves no row of any kind", async () => {
    const { tenantId, sourceId, command, context } = await stockedTenant(database);
    const failing = moveInventory((input) => {
      const { balances } = input["writes"] as unknown as { balances: { update(row: unknown, changes: object): void } };
      balances.update(input.state["source"], { quantity: 1 });
      throw new Error("a bug");
    });
    await expect(core.execute(failing, command, context)).rejects.toThrow("a bug");
    expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 0, audit: 0, outbox: 0, keys: 0 });
    expect(await database.rows("select quantity from balances where id = $1", [sourceId])).toEqual([{ quantity: 100 }]);
  });

  test("a refused call leaves one row of the audit, which says so, and no effect", async () => {
    const { tenantId, command, context } = await stockedTenant(database, 10);
    await expect(core.execute(move, command, context)).rejects.toMatchObject({ code: "InsufficientStock" });
    expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 0, audit: 1, outbox: 0, quantity: 10 });
    const audit = await database.rows("select outcome, error, changes from usecase_audit where tenant_id = $1", [tenantId]);
    expect(audit).toMatchObject([{ outcome: "refused", error: { code: "InsufficientStock" }, changes: null }]);
  });

  /** Calls until there is an answer: as a client does that knows its key. */
  const insist = async (through: UseCaseCore, command: Fields, context: Erased["context"]) => {
    const met: unknown[] = [];
    for (;;) {
      try {
        return { answer: (await through.execute(move, command, context)) as Executed<Fields>, met };
      } catch (failure) {
        if (!(failure instanceof UseCaseError) || !failure.retryable) throw failure;
        met.push(failure.details);
      }
    }
  };

  test("connections that end at any moment: every key gets the one true outcome", async () => {
    const { tenantId, sourceId, command, context } = await stockedTenant(database, 10_000);
    const proxy = await startTcpProxy(database.url);
    // While connecting, between the bursts, within them, and around COMMIT.
    proxy.ration((connection) => ({ turn: 3 + (connection % 19), lost: connection % 2 === 0 ? "request" : "answer" }));
    const unsteady = open(proxy.url);
    const through = coreOver(unsteady.driver);
    const ends = await Promise.all(
      Array.from({ length: 60 }, async () => {
        const own = { ...context, idempotencyKey: randomUUID() };
        return { own, ...(await insist(through, { ...command, quantity: 1 }, own)) };
      }),
    );
    await unsteady.close();
    await proxy.close();

    const met = ends.flatMap((end) => end.met);
    expect(met).toContainEqual({ outcome: "none" });
    expect(met).toContainEqual({ outcome: "unknown" });
    expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 60, outbox: 60, keys: 60, quantity: 9_940 });
    for (const { own, answer } of ends) {
      const again = await core.execute(move, { ...command, quantity: 1 }, own);
      expect(again).toMatchObject({ replayed: true, result: answer.result, auditId: answer.auditId });
    }
    expect(await database.rows("select quantity from balances where id = $1", [sourceId])).toEqual([{ quantity: 9_940 }]);
  });

  test("what is committed is delivered, in the order of the commits", async () => {
    const { tenantId, sourceId, command, context } = await stockedTenant(database, 1_000);
    await Promise.all(
      Array.from({ length: 40 }, () => core.execute(move, { ...command, quantity: 1 }, { ...context, idempotencyKey: randomUUID() })),
    );
    const messages: RelayMessage[] = [];
    const relay = createRelay({ driver: direct.driver, deliver: async (message) => void messages.push(message) });
    await relay.drain();
    const own = messages.filter((message) => message.tenantId === tenantId);
    // Every commit lowered the source by one: the audit of its row tells their order.
    const commits = await database.rows<{ after: string; id: string }>(
      "select changes->0->'after'->>'quantity' as after, id from usecase_audit where tenant_id = $1",
      [tenantId],
    );
    const inOrder = commits.toSorted((a, b) => Number(b.after) - Number(a.after)).map(({ id }) => id);
    expect(own.map(({ headers }) => headers["auditId"])).toEqual(inOrder);
    expect(new Set(own.map(({ key }) => key))).toEqual(new Set([sourceId]));
    expect(await rowCounts(database, tenantId)).toMatchObject({ outbox: 0 });
  });
});
