import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { nodePostgres } from "../../drivers/node-postgres.js";
import { applyRuntimeTables, createTestDatabase, type TestDatabase } from "../../testing/server/test-database.js";
import { createUseCaseCore, type UseCaseCore } from "../core.js";
import { slotOf } from "../hash.js";
import { outboxSlots } from "../tables.js";
import type { DeadLetterQuery } from "./dead-letters.js";
import { createRelay, type RelayOptions } from "./relay.js";

let database: TestDatabase;
let pool: pg.Pool;
let core: UseCaseCore;
beforeAll(async () => {
  database = await createTestDatabase();
  await applyRuntimeTables(database.url);
  pool = new pg.Pool({ connectionString: database.url, pipeline: true, max: 8 });
  core = createUseCaseCore({ driver: nodePostgres(pool) });
});
beforeEach(() => pool.query("truncate usecase_outbox, usecase_outbox_dead, usecase_relay_slot restart identity"));
afterAll(async () => {
  await pool.end();
  await database.drop();
});

interface Given {
  readonly number: number;
  readonly key?: string;
  readonly kind?: string;
  readonly tenantId?: string;
  readonly dedupeKey?: string;
}

async function send(messages: readonly Given[]): Promise<void> {
  for (const { number, key = "a", kind = "event", tenantId = "t", dedupeKey = null } of messages) {
    await pool.query(
      `insert into usecase_outbox (id, kind, aggregatetype, aggregateid, slot, type, version, payload, headers, tenant_id, dedupe_key)
       values ($1, $2, 'Thing', $3, $4, $5, 1, $6, '{"correlationId":"c"}', $7, $8)`,
      [randomUUID(), kind, key, slotOf(key, outboxSlots), kind === "job" ? "Work" : "Happened", { number }, tenantId, dedupeKey],
    );
  }
}

/** Delivers all but the numbers that are refused, which are given up at once; resolves to what was delivered. */
async function deliver(refused: readonly number[], onDead: RelayOptions["onDead"]): Promise<readonly number[]> {
  const delivered: number[] = [];
  const relay = createRelay({
    driver: nodePostgres(pool),
    pollMs: 20,
    maxAttempts: 1,
    onDead,
    async deliver({ payload }) {
      const { number } = payload as { number: number };
      if (refused.includes(number)) throw new Error(`no ${number}`);
      delivered.push(number);
    },
  });
  await relay.drain();
  return delivered;
}

const numbers = async (query?: DeadLetterQuery) =>
  (await core.deadLetters.list(query)).items.map(({ message }) => (message.payload as { number: number }).number);
const idsOf = async () => (await core.deadLetters.list()).items.map(({ message }) => message.id);
const left = async () => (await pool.query("select seq from usecase_outbox")).rowCount;

test.each([
  ["halt-key", true],
  ["skip", false],
] as const)("a dead letter says what it was and why it was given up: %s", async (onDead, haltsItsKey) => {
  await send([{ number: 1, kind: "job", tenantId: "" }]);
  await deliver([1], onDead);
  expect(await core.deadLetters.list()).toEqual({
    items: [
      {
        message: {
          ...{ id: expect.any(String), kind: "job", type: "Work", version: 1, key: "a", tenantId: null, payload: { number: 1 } },
          ...{ headers: { correlationId: "c" }, attempt: 1, createdAt: expect.any(Date) },
        },
        error: "no 1",
        failedAt: expect.any(Date),
        haltsItsKey,
      },
    ],
    next: undefined,
  });
});

test("filters and pages", async () => {
  await send([
    { number: 1 },
    { number: 2, kind: "job" },
    { number: 3, key: "b" },
    { number: 4, tenantId: "other" },
    { number: 5, tenantId: "" },
  ]);
  await deliver([1, 2, 3, 4, 5], "skip");
  expect(await numbers()).toEqual([1, 2, 3, 4, 5]);
  expect(await numbers({ kind: "job" })).toEqual([2]);
  expect(await numbers({ type: "Happened" })).toEqual([1, 3, 4, 5]);
  expect(await numbers({ key: "b" })).toEqual([3]);
  expect(await numbers({ tenantId: "other" })).toEqual([4]);
  expect(await numbers({ tenantId: null })).toEqual([5]);
  const first = await core.deadLetters.list({ limit: 2, tenantId: "t" });
  expect(first.items).toHaveLength(2);
  expect(await numbers({ limit: 2, tenantId: "t", after: first.next })).toEqual([3]);
  await expect(core.deadLetters.list({ after: "x" })).rejects.toThrow(TypeError);
});

test("retry after halt-key: the key goes on where it halted", async () => {
  await send([{ number: 1 }, { number: 2 }, { number: 3 }, { number: 4, key: "b" }]);
  expect(await deliver([2], "halt-key")).toEqual(expect.arrayContaining([1, 4]));
  const ids = await idsOf();
  expect(await core.deadLetters.retry([...ids, randomUUID()])).toEqual(ids);
  expect(await idsOf()).toEqual([]);
  const { rows } = await pool.query("select attempts, not_before from usecase_outbox");
  expect(rows).toEqual([
    { attempts: 0, not_before: null },
    { attempts: 0, not_before: null },
  ]);
  expect(await deliver([], "halt-key")).toEqual([2, 3]);
  expect(await left()).toBe(0);
});

test("retry after skip: before everything of its key that is still waiting, with all its attempts", async () => {
  await send([{ number: 1 }, { number: 2 }]);
  expect(await deliver([1, 2], "skip")).toEqual([]);
  await send([{ number: 3 }, { number: 4 }]);
  const ids = await idsOf();
  expect(await core.deadLetters.retry(ids)).toHaveLength(2);
  expect((await pool.query("select attempts, not_before from usecase_outbox")).rows).toEqual(
    Array.from({ length: 4 }, () => ({ attempts: 0, not_before: null })),
  );
  expect(await deliver([], "skip")).toEqual([1, 2, 3, 4]);
  expect(await core.deadLetters.retry(ids)).toEqual([]);
});

test("retry while a relay runs: nothing of a key overtakes", async () => {
  await send([...Array.from({ length: 30 }, (_, n) => ({ number: n })), { number: 30, key: "b" }]);
  const delivered: number[] = [];
  let refusing = true;
  const relay = createRelay({
    driver: nodePostgres(pool),
    pollMs: 10,
    batchSize: 7,
    maxAttempts: 1,
    async deliver({ payload }) {
      const { number } = payload as { number: number };
      if (refusing && number === 10) throw new Error("no");
      delivered.push(number);
    },
  });
  relay.start();
  await expect.poll(idsOf).toHaveLength(1);
  refusing = false;
  await core.deadLetters.retry(await idsOf());
  await relay.drain();
  await relay.stop();
  expect(delivered.filter((number) => number !== 30)).toEqual(Array.from({ length: 30 }, (_, n) => n));
});

test("a job whose dedupe key another has by now stays where it is", async () => {
  await send([{ number: 1, kind: "job", dedupeKey: "k" }]);
  await deliver([1], "skip");
  await send([{ number: 2, kind: "job", dedupeKey: "k" }]);
  expect(await core.deadLetters.retry(await idsOf())).toEqual([]);
  expect(await numbers()).toEqual([1]);
  expect(await deliver([], "skip")).toEqual([2]);
  expect(await core.deadLetters.retry(await idsOf())).toHaveLength(1);
  expect(await deliver([], "skip")).toEqual([1]);
});

test("one that was let go by hand is not taken back while it is delivered", async () => {
  await send([{ number: 1 }]);
  await deliver([1], "halt-key");
  await pool.query("update usecase_outbox set attempts = 3, not_before = now() + interval '1 hour'");
  expect(await core.deadLetters.retry(await idsOf())).toHaveLength(1);
  expect((await pool.query("select attempts from usecase_outbox")).rows).toEqual([{ attempts: 3 }]);
});

test.each(["halt-key", "skip"] as const)("discard: it is gone, and its key goes on: %s", async (onDead) => {
  await send([{ number: 1 }, { number: 2 }, { number: 3, key: "b" }]);
  await deliver([1, 3], onDead);
  const ids = await idsOf();
  expect(await core.deadLetters.discard([ids[0] ?? ""])).toEqual([ids[0]]);
  await deliver([], onDead);
  expect(await numbers()).toEqual([3]);
  expect(await left()).toBe(onDead === "halt-key" ? 1 : 0);
  expect(await core.deadLetters.discard(ids)).toEqual([ids[1]]);
  expect(await left()).toBe(0);
});
