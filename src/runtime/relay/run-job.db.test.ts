import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../../testing/server/fixtures/database.js";
import { moveInventory } from "../../testing/server/fixtures/move-inventory.js";
import { noon, stockedTenant } from "../../testing/server/fixtures/stock.js";
import { movementsRepository } from "../../testing/server/fixtures/tables.js";
import { testUseCase } from "../../testing/server/fixtures/use-case.js";
import { createUseCaseCore, type UseCaseCore } from "../core.js";
import type { RelayMessage } from "./message.js";
import { createRelay, type RelayOptions } from "./relay.js";
import { type Job, type JobHandler, jobRun } from "./run-job.js";

let database: RuntimeDatabase;
let core: UseCaseCore;
beforeAll(async () => {
  database = await openRuntimeDatabase();
  core = createUseCaseCore({ driver: database.driver, authorizer: { authorize: () => true }, clock: () => noon });
});
beforeEach(() => database.rows("truncate usecase_outbox, usecase_outbox_dead"));
afterAll(() => database.close());

const move = moveInventory();
const idempotency = { key: "caller", scope: "tenant", retentionSeconds: 3_600 } as const;
const replenish = testUseCase(
  { name: "Replenish", idempotency, writes: { movements: { into: movementsRepository, insert: true } } },
  (input) => {
    const writes = input["writes"] as { movements: { insert(row: object): { id: string } } };
    return { result: { id: writes.movements.insert({ sku: "R", quantity: input.command["quantity"], note: null }).id } };
  },
);

interface ReplenishLocation {
  readonly sku: string;
  readonly locationId: string;
}

/** Delivers what is in the outbox, the delayed job too. */
async function deliver(options: Omit<RelayOptions, "driver" | "core">) {
  await database.rows("update usecase_outbox set not_before = null");
  const relay = createRelay({ driver: database.driver, core, pollMs: 10, backoff: () => 0, deliver: async () => {}, ...options });
  await relay.drain();
  return relay.stats();
}

/** A tenant whose move left little stock, so that there is a job to do. */
async function moved() {
  const { tenantId, command, context } = await stockedTenant(database, 30);
  await core.execute(move, command, context);
  const effects = async () =>
    (
      await database.rows<{ quantity: number }>("select quantity from movements where tenant_id = $1 and sku = 'R' order by quantity", [
        tenantId,
      ])
    ).map(({ quantity }) => quantity);
  return { tenantId, effects };
}

test("a job's handler gets the job; other messages go to deliver", async () => {
  const { tenantId } = await moved();
  const jobs: RelayMessage[] = [];
  const others: RelayMessage[] = [];
  await deliver({
    jobs: { ReplenishLocation: async (job) => void jobs.push(job) },
    deliver: async (message) => void others.push(message),
  });
  expect(jobs).toMatchObject([{ kind: "job", type: "ReplenishLocation", tenantId, payload: { sku: "A" } }]);
  expect(others).toMatchObject([{ kind: "event", type: "InventoryMoved" }]);
});

test("a job that is done again and again has one effect, and says in the audit what caused it", async () => {
  const { tenantId, effects } = await moved();
  let attempts = 0;
  const replayed: boolean[] = [];
  const handler: JobHandler<ReplenishLocation> = async (_, run) => {
    replayed.push((await run.execute(replenish, { quantity: 5 })).replayed);
    if (++attempts < 4) throw new Error("after its effect");
  };
  expect(await deliver({ jobs: { ReplenishLocation: handler } })).toMatchObject({ failed: 3 });
  expect(replayed).toEqual([false, true, true, true]);
  expect(await effects()).toEqual([5]);
  const { items } = await core.audit.list({ tenantId, useCase: "Replenish" });
  expect(items).toMatchObject([
    {
      actor: { type: "job", id: "ReplenishLocation", tenantId, onBehalfOf: { type: "user", id: "u-1" } },
      correlationId: "c-1",
      causationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    },
  ]);
  expect(items[0]?.idempotencyKey).toBe(`job:${items[0]?.causationId}`);
});

test("two at once, as when a relay has lost its slot: one effect", async () => {
  const { effects } = await moved();
  await deliver({
    jobs: {
      async ReplenishLocation(job) {
        const both = await Promise.allSettled([1, 2].map(() => jobRun(core, job).execute(replenish, { quantity: 5 })));
        expect(both.some(({ status }) => status === "fulfilled")).toBe(true);
      },
    },
  });
  expect(await effects()).toEqual([5]);
});

test("several calls of one use case, each with a step of its own", async () => {
  const { effects } = await moved();
  let attempts = 0;
  await deliver({
    jobs: {
      async ReplenishLocation(_, run) {
        for (const step of ["a", "b", "c"]) {
          await run.execute(replenish, { quantity: step.charCodeAt(0) }, { step });
          if (step === "b" && ++attempts < 3) throw new Error("half way");
        }
      },
    },
  });
  expect(attempts).toBe(3);
  expect(await effects()).toEqual([97, 98, 99]);
});

test.each<[string, (job: Job<ReplenishLocation>, run: Parameters<JobHandler<ReplenishLocation>>[1]) => Promise<unknown>, RegExp]>([
  [
    "a second call without a step",
    async (_, run) => [await run.execute(replenish, { quantity: 1 }), await run.execute(replenish, { quantity: 1 })],
    /step of its own/,
  ],
  [
    "a use case without idempotency",
    (_, run) =>
      run.execute(
        testUseCase({ name: "Free" }, () => ({ result: {} })),
        {},
      ),
    /has no idempotency/,
  ],
])("refused: %s", async (_, work, message) => {
  await moved();
  let failure: unknown;
  await deliver({
    jobs: {
      async ReplenishLocation(job: Job<ReplenishLocation>, run) {
        failure = await work(job, run).catch((error: unknown) => error);
      },
    },
  });
  expect(failure).toMatchObject({ name: "TypeError", message: expect.stringMatching(message) });
});

test("an actor, a reason of the handler's own", async () => {
  const { tenantId } = await moved();
  const actor = { type: "system", id: "stock", tenantId };
  await deliver({
    jobs: { ReplenishLocation: async (_, run) => void (await run.execute(replenish, { quantity: 1 }, { actor, reason: "low" })) },
  });
  expect((await core.audit.list({ tenantId, useCase: "Replenish" })).items).toMatchObject([{ actor, reason: "low" }]);
});

test("without anybody who takes it, a message is a dead letter in the end", async () => {
  await moved();
  await deliver({ jobs: { Other: async () => {} }, deliver: undefined, maxAttempts: 2 });
  const { items } = await core.deadLetters.list({ kind: "event" });
  expect(items.map(({ error }) => error)).toEqual([
    "Nobody takes the event InventoryMoved: no trigger, no job handler and no destination.",
  ]);
});

test("receivers that are not complete are refused", () => {
  const { driver } = database;
  expect(() => createRelay({ driver })).toThrow(TypeError);
  expect(() => createRelay({ driver, jobs: {}, core })).toThrow(TypeError);
  expect(() => createRelay({ driver, jobs: { A: async () => {} } })).toThrow("needs the core");
});
