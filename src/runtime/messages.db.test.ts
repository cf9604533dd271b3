import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { noon } from "../testing/server/fixtures/stock.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { applyRuntimeTables } from "../testing/server/test-database.js";
import { createUseCaseCore } from "./core.js";

let database: RuntimeDatabase;
beforeAll(async () => {
  database = await openRuntimeDatabase();
  await applyRuntimeTables(database.url, "own schema");
});
afterAll(() => database.close());

const caller = () => ({ actor: { type: "user", id: "u-1", tenantId: `t-${randomUUID()}` } });

test.each([3, 60])("%i events of one call keep their order and their payloads", async (length) => {
  const numbers = Array.from({ length }, (_, n) => ({ n, text: `it's "${n}" \\` }));
  const useCase = testUseCase(
    {
      name: "Announce",
      events: { Announced: { cardinality: "many", given: ["n", "text"], key: ({ payload }) => `key ${Number(payload["n"]) % 2}` } },
    },
    () => ({ result: {}, events: { Announced: numbers } }),
  );
  const context = caller();
  await createUseCaseCore({ driver: database.driver, clock: () => noon }).execute(useCase, {}, context);
  const rows = await database.rows<{ payload: object; slot: number; aggregateid: string }>(
    "select payload, aggregateid, slot from usecase_outbox where tenant_id = $1 order by seq",
    [context.actor.tenantId],
  );
  expect(rows.map(({ payload }) => payload)).toEqual(numbers);
  // One key is in one slot.
  expect(new Set(rows.map(({ aggregateid, slot }) => `${aggregateid} ${slot}`)).size).toBe(2);
});

test("a job that waits already is not queued twice; one of another tenant is", async () => {
  const useCase = testUseCase(
    {
      name: "Ask",
      jobs: {
        Work: { given: ["n"], dedupeKey: ({ payload }) => String(payload["n"]), at: ({ now }) => now, maxAttempts: 2, cardinality: "many" },
      },
    },
    (input) => ({ result: {}, jobs: { Work: input.command["jobs"] } }),
  );
  const core = createUseCaseCore({ driver: database.driver, clock: () => noon });
  const [a, b] = [caller(), caller()];
  await core.execute(useCase, { jobs: [{ n: 2 }, { n: 1 }, { n: 2 }] }, a);
  await core.execute(useCase, { jobs: [{ n: 3 }, { n: 1 }] }, a);
  await core.execute(useCase, { jobs: [{ n: 1 }] }, b);
  const jobs = (tenantId: string) =>
    database.rows<object>(
      "select dedupe_key, max_attempts, not_before = $2 as due from usecase_outbox where tenant_id = $1 and kind = 'job' order by dedupe_key",
      [tenantId, noon],
    );
  expect(await jobs(a.actor.tenantId)).toEqual(["1", "2", "3"].map((dedupe_key) => ({ dedupe_key, max_attempts: 2, due: true })));
  expect(await jobs(b.actor.tenantId)).toHaveLength(1);
});

test("the runtime's tables may be in a schema of their own", async () => {
  const useCase = testUseCase(
    { name: "Elsewhere", idempotency: { key: "caller", scope: "tenant", retentionSeconds: 60 }, events: { Happened: { key: () => "k" } } },
    () => ({ result: { n: 1 } }),
  );
  const core = createUseCaseCore({ driver: database.driver, clock: () => noon, schema: "own schema" });
  const context = { ...caller(), idempotencyKey: "k" };
  await core.execute(useCase, {}, context);
  expect(await core.execute(useCase, {}, context)).toMatchObject({ replayed: true });
  const counts = (schema: string) =>
    database.rows<object>(
      `select (select count(*)::int from ${schema}usecase_audit where tenant_id = $1) audit, (select count(*)::int from ${schema}usecase_outbox where tenant_id = $1) outbox`,
      [context.actor.tenantId],
    );
  expect(await counts('"own schema".')).toEqual([{ audit: 1, outbox: 1 }]);
  expect(await counts("")).toEqual([{ audit: 0, outbox: 0 }]);
  expect(await core.sweep()).toBe(0);
});
