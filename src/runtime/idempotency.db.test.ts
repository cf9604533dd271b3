import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { moveInventory } from "../testing/server/fixtures/move-inventory.js";
import { noon, rowCounts, stockedTenant } from "../testing/server/fixtures/stock.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { createUseCaseCore, type UseCaseCore } from "./core.js";
import type { Driver } from "./ports.js";

let database: RuntimeDatabase;
let core: UseCaseCore;
beforeAll(async () => {
  database = await openRuntimeDatabase(20);
  core = createUseCaseCore({ driver: database.driver, authorizer: { authorize: () => true }, clock: () => noon });
});
afterAll(() => database.close());

const move = moveInventory();

test("the same key and command again gives the stored result, and does nothing", async () => {
  const { tenantId, command, context } = await stockedTenant(database);
  const first = await core.execute(move, command, context);
  const counts = await rowCounts(database, tenantId);
  const second = await core.execute(move, command, context);
  expect(second).toEqual({ result: first.result, replayed: true, auditId: first.auditId, attempts: 1 });
  expect(await rowCounts(database, tenantId)).toEqual(counts);
});

test("a stored outcome comes before loads, policies and clock", async () => {
  const { tenantId, command, context } = await stockedTenant(database);
  await core.execute(move, command, context);
  await database.rows("delete from balances where tenant_id = $1", [tenantId]);
  const night = createUseCaseCore({
    driver: database.driver,
    authorizer: { authorize: () => true },
    clock: () => new Date("2026-01-01T01:00:00Z"),
  });
  await expect(night.execute(move, command, context)).resolves.toMatchObject({ replayed: true });
});

test("a command that says the same in another order of its fields is the same command", async () => {
  const { command, context } = await stockedTenant(database);
  await core.execute(move, command, context);
  const reversed = Object.fromEntries(Object.entries(command).reverse());
  await expect(core.execute(move, reversed, context)).resolves.toMatchObject({ replayed: true });
});

test.each([
  ["another quantity", { quantity: 31 }],
  ["another secret", { note: "for Mr Miller" }],
  ["a field left out", { note: undefined }],
])("the same key with another command is refused: %s", async (_, changed) => {
  const { tenantId, command, context } = await stockedTenant(database);
  await core.execute(move, command, context);
  const again = core.execute(move, { ...command, ...changed }, context);
  await expect(again).rejects.toMatchObject({ code: "IdempotencyMismatch", kind: "unprocessable" });
  expect(await rowCounts(database, tenantId)).toMatchObject({ audit: 1, keys: 1, quantity: 70 });
});

test("also where the first command was refused; the same command may try again under its key", async () => {
  const { tenantId, command, context } = await stockedTenant(database, 10);
  await expect(core.execute(move, command, context)).rejects.toMatchObject({ code: "InsufficientStock" });
  await expect(core.execute(move, { ...command, quantity: 1 }, context)).rejects.toMatchObject({ code: "IdempotencyMismatch" });
  await database.rows("update balances set quantity = 100 where tenant_id = $1 and quantity = 10", [tenantId]);
  await expect(core.execute(move, command, context)).resolves.toMatchObject({ replayed: false });
  await expect(core.execute(move, command, context)).resolves.toMatchObject({ replayed: true });
});

test("a refusal that is remembered is the answer from then on; it is audited once", async () => {
  const { tenantId, command, context } = await stockedTenant(database, 10);
  let refuses = true;
  const idempotency = { key: "caller", scope: "tenant", retentionSeconds: 60, refusals: "remember" } as const;
  const errors = { Full: { kind: "conflict", message: "Full." } } as const;
  const enter = testUseCase({ name: "Enter", idempotency, errors }, (input) =>
    refuses ? (input["reject"] as (code: string, details: object) => never)("Full", { seats: 0 }) : { result: {} },
  );
  const refusal = { code: "Full", kind: "conflict", message: "Full.", details: { seats: 0 }, retryable: false };
  await expect(core.execute(enter, command, context)).rejects.toMatchObject(refusal);
  refuses = false;
  await expect(core.execute(enter, command, context)).rejects.toMatchObject(refusal);
  await expect(core.execute(enter, { ...command, quantity: 1 }, context)).rejects.toMatchObject({ code: "IdempotencyMismatch" });
  expect(await rowCounts(database, tenantId)).toMatchObject({ audit: 1, keys: 1 });
  await expect(core.execute(enter, command, { ...context, idempotencyKey: randomUUID() })).resolves.toMatchObject({ replayed: false });
});

test("one key in two tenants, and in two use cases, are four keys", async () => {
  const [a, b] = [await stockedTenant(database), await stockedTenant(database)];
  const count = testUseCase({ name: "Count", idempotency: { key: "caller", scope: "tenant", retentionSeconds: 60 }, state: {} }, () => ({
    result: { n: 1 },
  }));
  for (const { command, context } of [a, b]) {
    const sameKey = { ...context, idempotencyKey: `${database.url}-one` };
    await expect(core.execute(move, command, sameKey)).resolves.toMatchObject({ replayed: false });
    await expect(core.execute(count, {}, sameKey)).resolves.toMatchObject({ replayed: false });
  }
});

test("scope tenant: another actor of the tenant with the same key gets the stored result", async () => {
  const { context } = await stockedTenant(database);
  const count = testUseCase({ name: "CountAll", idempotency: { key: "caller", scope: "tenant", retentionSeconds: 60 } }, () => ({
    result: {},
  }));
  const other = { ...context, actor: { ...context.actor, id: "u-2" } };
  expect([await core.execute(count, {}, context), await core.execute(count, {}, other)]).toMatchObject([
    { replayed: false },
    { replayed: true },
  ]);
});

test("scope actor: another actor's key is another key", async () => {
  const { context } = await stockedTenant(database);
  const count = testUseCase({ name: "CountOwn", idempotency: { key: "caller", scope: "actor", retentionSeconds: 60 } }, () => ({
    result: {},
  }));
  const other = { ...context, actor: { ...context.actor, id: "u-2" } };
  expect([
    await core.execute(count, {}, context),
    await core.execute(count, {}, other),
    await core.execute(count, {}, context),
  ]).toMatchObject([{ replayed: false }, { replayed: false }, { replayed: true }]);
});

test("a key that is computed from the command", async () => {
  const { context } = await stockedTenant(database);
  const key = { key: ({ command }: { command: object }) => String(Reflect.get(command, "requestId") ?? ""), scope: "tenant" } as const;
  const useCase = testUseCase({ name: "ByRequest", idempotency: { ...key, retentionSeconds: 60 } }, () => ({ result: {} }));
  const command = { requestId: randomUUID() };
  await expect(core.execute(useCase, command, context)).resolves.toMatchObject({ replayed: false });
  await expect(core.execute(useCase, command, context)).resolves.toMatchObject({ replayed: true });
  await expect(core.execute(useCase, {}, context)).rejects.toMatchObject({ code: "IdempotencyKeyRequired" });
});

test("a secret field of the result is not stored: null on replay", async () => {
  const { tenantId, context } = await stockedTenant(database);
  const issue = testUseCase(
    { name: "IssueToken", idempotency: { key: "caller", scope: "tenant", retentionSeconds: 60 }, secretResult: ["token"] },
    (input) => ({ result: { token: (input["randomToken"] as () => string)() } }),
  );
  const first = await core.execute(issue, {}, context);
  expect(first.result["token"]).toMatch(/^[\w-]{43}$/);
  expect((await core.execute(issue, {}, context)).result).toEqual({ token: null });
  const stored = JSON.stringify(await database.rows("select * from usecase_idempotency where tenant_id = $1", [tenantId]));
  expect(stored).not.toContain(first.result["token"]);
});

test("50 concurrent calls with one key: one effect; the others replay it or are told that it is in flight", async () => {
  const { tenantId, command, context } = await stockedTenant(database);
  const slow = moveInventory();
  const answers = await Promise.all(Array.from({ length: 50 }, () => core.tryExecute(slow, command, context)));
  const done = answers.filter((answer) => answer.ok && !answer.replayed);
  const replayed = answers.filter((answer) => answer.ok && answer.replayed);
  const inFlight = answers.filter((answer) => !answer.ok && answer.error.code === "IdempotencyInFlight");
  expect(done).toHaveLength(1);
  expect(done.length + replayed.length + inFlight.length).toBe(50);
  for (const answer of replayed) expect(answer).toMatchObject({ result: done[0] && "result" in done[0] ? done[0].result : {} });
  expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 1, audit: 1, keys: 1, quantity: 70 });
});

test("a call under way is told so at once, and waits for no lock", async () => {
  const { command, context } = await stockedTenant(database);
  let release: () => void = () => {};
  let entered: () => void = () => {};
  const inside = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const held = moveInventory(async () => {
    entered();
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return { result: { n: 1 }, events: { InventoryMoved: { movementId: "m" } } };
  });
  const first = core.execute(held, command, context);
  await inside;
  // Its lock timeout is two seconds: had it waited for the locked rows, this would be LockTimeout.
  await expect(core.execute(held, command, context)).rejects.toMatchObject({ code: "IdempotencyInFlight", retryable: true });
  release();
  await expect(first).resolves.toMatchObject({ replayed: false });
  await expect(core.execute(held, command, context)).resolves.toMatchObject({ replayed: true, result: { n: 1 } });
});

test.each([
  ["and the new state would refuse it", 100],
  ["and the new state would allow it again", 50],
])("a claim that did not see another's commit, because its snapshot is older, replays it in the end: %s", async (_, quantity) => {
  const { tenantId, command: base, context } = await stockedTenant(database, 100);
  const command = { ...base, quantity };
  const first = await core.execute(move, command, context);
  const counts = await rowCounts(database, tenantId);
  await database.rows("create table if not exists hidden_keys as select * from usecase_idempotency where false");
  await database.rows(
    "with gone as (delete from usecase_idempotency where tenant_id = $1 returning *) insert into hidden_keys select * from gone",
    [tenantId],
  );
  let bursts = 0;
  const driver: Driver = {
    ...database.driver,
    session: (work) =>
      database.driver.session((session) =>
        work({
          async burst(items) {
            const results = await session.burst(items);
            bursts += 1;
            if (bursts === 1)
              await database.rows("insert into usecase_idempotency select * from hidden_keys where tenant_id = $1", [tenantId]);
            return results;
          },
        }),
      ),
  };
  const late = createUseCaseCore({ driver, authorizer: { authorize: () => true }, clock: () => noon });
  await expect(late.execute(move, command, context)).resolves.toEqual({ ...first, replayed: true, attempts: 2 });
  expect(await rowCounts(database, tenantId)).toEqual(counts);
});

test("an expired key is free again, and swept", async () => {
  const { tenantId, command, context } = await stockedTenant(database);
  await core.execute(move, command, context);
  await database.rows("update usecase_idempotency set expires_at = now() - interval '1 second' where tenant_id = $1", [tenantId]);
  await expect(core.execute(move, { ...command, quantity: 1 }, context)).resolves.toMatchObject({ replayed: false });
  expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 2, keys: 1 });

  await database.rows("update usecase_idempotency set expires_at = now() - interval '1 second' where tenant_id = $1", [tenantId]);
  await database.rows(
    `insert into usecase_idempotency (tenant_id, scope, use_case, key, fingerprint, expires_at)
     select $1, '', 'Swept', n::text, '', now() - interval '1 hour' from generate_series(1, 12000) n`,
    [tenantId],
  );
  expect(await core.sweep()).toBe(12_001);
  expect(await rowCounts(database, tenantId)).toMatchObject({ keys: 0 });
});

test("a sweep takes at most 5,000 keys at a time, none that is still good, and passes over one that is in use", async () => {
  const { tenantId } = await stockedTenant(database);
  await database.rows(
    `insert into usecase_idempotency (tenant_id, scope, use_case, key, fingerprint, expires_at)
     select $1, '', 'Swept', n::text, '', now() + case when n <= 10001 then interval '-1 hour' else interval '1 hour' end from generate_series(1, 10011) n`,
    [tenantId],
  );
  const batches: number[] = [];
  const driver: Driver = {
    ...database.driver,
    session: (work) =>
      database.driver.session((session) =>
        work({
          async burst(items) {
            const results = await session.burst(items);
            batches.push(Number(results[0]?.rows[0]?.[0]));
            return results;
          },
        }),
      ),
  };
  const swept = await database.db.transaction(async (tx) => {
    await tx.execute(sql`select 1 from usecase_idempotency where tenant_id = ${tenantId} and key = '1' for update`);
    return createUseCaseCore({ driver }).sweep();
  });
  expect(swept).toBe(10_000);
  expect(batches).toEqual([5_000, 5_000, 0]);
  expect(await rowCounts(database, tenantId)).toMatchObject({ keys: 11 });
  expect(await core.sweep()).toBe(1);
});
