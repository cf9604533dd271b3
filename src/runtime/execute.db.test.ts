import { afterAll, beforeAll, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { moveInventory } from "../testing/server/fixtures/move-inventory.js";
import { noon, rowCounts, stockedTenant } from "../testing/server/fixtures/stock.js";
import { createUseCaseCore, type UseCaseCore } from "./core.js";
import type { Driver } from "./ports.js";

let database: RuntimeDatabase;
let core: UseCaseCore;
beforeAll(async () => {
  database = await openRuntimeDatabase();
  core = createUseCaseCore({ driver: database.driver, authorizer: { authorize: () => true }, clock: () => noon });
});
afterAll(() => database.close());

const move = moveInventory();

test("moves stock: rows, audit, event and key", async () => {
  const { tenantId, sourceId, destinationId, command, context } = await stockedTenant(database, 100, 5);
  const answer = await core.execute(move, command, context);

  expect(answer).toMatchObject({ replayed: false, attempts: 1, result: { sourceQuantity: 70, destinationQuantity: 35 } });
  expect(await database.rows("select id, quantity from balances where tenant_id = $1 order by quantity desc", [tenantId])).toEqual([
    { id: sourceId, quantity: 70 },
    { id: destinationId, quantity: 35 },
  ]);
  expect(await database.rows("select id, sku, quantity, note from movements where tenant_id = $1", [tenantId])).toEqual([
    { id: answer.result["movementId"], sku: "A", quantity: 30, note: "for Mrs Miller" },
  ]);
  expect(await database.rows("select * from usecase_audit where tenant_id = $1", [tenantId])).toMatchObject([
    {
      id: answer.auditId,
      use_case: "MoveInventory",
      action: "inventory.moved",
      outcome: "committed",
      actor: { type: "user", id: "u-1", tenantId },
      subject_type: "InventoryBalance",
      subject_id: sourceId,
      reason: "refill",
      command: { ...command, note: "[redacted]" },
      changes: [
        { table: "balances", operation: "update", key: { id: sourceId }, before: { quantity: 100 }, after: { quantity: 70 } },
        { table: "balances", operation: "update", key: { id: destinationId }, before: { quantity: 5 }, after: { quantity: 35 } },
        { table: "movements", operation: "insert", after: { sku: "A", quantity: 30, tenantId } },
      ],
      error: null,
      idempotency_key: context.idempotencyKey,
      correlation_id: "c-1",
    },
  ]);
  expect(await database.rows("select * from usecase_outbox where tenant_id = $1", [tenantId])).toMatchObject([
    {
      kind: "event",
      aggregatetype: "InventoryBalance",
      aggregateid: sourceId,
      type: "InventoryMoved",
      version: 1,
      payload: { movementId: answer.result["movementId"], sku: "A", quantity: 30 },
      headers: { tenantId, correlationId: "c-1", auditId: answer.auditId, actor: { type: "user", id: "u-1" } },
    },
  ]);
  expect(await rowCounts(database, tenantId)).toMatchObject({ audit: 1, outbox: 1, keys: 1 });
});

test("a job whose condition holds is sent too, delayed by the database's clock", async () => {
  const { tenantId, command, context } = await stockedTenant(database, 35);
  await core.execute(move, command, context);
  const jobs = await database.rows(
    "select type, payload, max_attempts, dedupe_key, not_before - created_at between '29s' and '31s' as delayed from usecase_outbox where tenant_id = $1 and kind = 'job'",
    [tenantId],
  );
  const payload = { sku: "A", locationId: command.fromLocationId };
  expect(jobs).toEqual([{ type: "ReplenishLocation", payload, max_attempts: 8, dedupe_key: "A", delayed: true }]);
});

test("a call takes two round trips", async () => {
  const { command, context } = await stockedTenant(database);
  const bursts: string[][] = [];
  const driver: Driver = {
    ...database.driver,
    session: (work) =>
      database.driver.session((session) =>
        work({
          burst(items) {
            bursts.push(items.map(([{ text }]) => text.split(" ")[0] ?? ""));
            return session.burst(items);
          },
        }),
      ),
  };
  await createUseCaseCore({ driver, authorizer: { authorize: () => true }, clock: () => noon }).execute(move, command, context);
  expect(bursts).toEqual([
    ["begin", "with", "select"],
    ["with", "commit"],
  ]);
});

test.each([
  ["throws", () => new Error("a bug")],
  ["rejects with an undeclared error", ({ reject }: { reject(code: string): never }) => reject("Nonsense")],
])("a handler that %s after its writes were queued leaves no row of any kind", async (_, fail) => {
  const { tenantId, command, context } = await stockedTenant(database);
  const failing = moveInventory((input) => {
    const { movements } = input["writes"] as { movements: { insert(row: object): void } };
    movements.insert({ sku: "A", quantity: 1 });
    throw fail({ reject: input["reject"] as (code: string) => never });
  });
  await expect(core.execute(failing, command, context)).rejects.not.toHaveProperty("code");
  expect(await rowCounts(database, tenantId)).toEqual({ movements: 0, audit: 0, outbox: 0, keys: 0, quantity: 100 });
  // The key is free: the same call succeeds once the bug is gone.
  await expect(core.execute(move, command, context)).resolves.toMatchObject({ replayed: false });
});

test.each([
  ["a declared event that is missing", { result: {}, events: {} }, /the event "InventoryMoved" is missing/],
  ["an undeclared event", { result: {}, events: { InventoryMoved: { movementId: "m" }, Other: {} } }, /gave the event "Other"/],
  ["an undeclared job", { result: {}, events: { InventoryMoved: { movementId: "m" } }, jobs: { Other: {} } }, /gave the job "Other"/],
  ["a number that JSON does not have", { result: { n: Number.NaN }, events: { InventoryMoved: { movementId: "m" } } }, /not finite/],
  ["half a surrogate pair", { result: { s: "\ud800" }, events: { InventoryMoved: { movementId: "m" } } }, /surrogate/],
])("%s is an error before anything is written", async (_, outcome, message) => {
  const { tenantId, command, context } = await stockedTenant(database);
  await expect(
    core.execute(
      moveInventory(() => outcome),
      command,
      context,
    ),
  ).rejects.toThrow(message);
  expect(await rowCounts(database, tenantId)).toMatchObject({ audit: 0, outbox: 0, keys: 0 });
});

test("the caller's command is left as it is, and the handler's is frozen", async () => {
  const { command, context } = await stockedTenant(database);
  const mutating = moveInventory((input) => {
    Object.assign(input.command, { quantity: 1 });
    return {};
  });
  await expect(core.execute(mutating, command, context)).rejects.toThrow(TypeError);
  expect(Object.isFrozen(command)).toBe(false);
});

test("a permission without an authorizer is never granted", async () => {
  const { command, context } = await stockedTenant(database);
  const bare = createUseCaseCore({ driver: database.driver });
  await expect(bare.execute(move, command, context)).rejects.toThrow('MoveInventory asks for the permission "inventory.move"');
});

test.each([
  ["the command is not valid", { command: { quantity: "many" } }, "ValidationFailed"],
  ["the reason is missing", { context: { reason: " " } }, "ReasonRequired"],
  ["the key is missing", { context: { idempotencyKey: undefined } }, "IdempotencyKeyRequired"],
  ["the key is too long", { context: { idempotencyKey: "k".repeat(256) } }, "ValidationFailed"],
])("nothing is recorded where %s", async (_, changed: { command?: object; context?: object }, code) => {
  const { tenantId, command, context } = await stockedTenant(database);
  const call = core.execute(move, { ...command, ...changed.command }, { ...context, ...changed.context });
  await expect(call).rejects.toMatchObject({ code });
  expect(await rowCounts(database, tenantId)).toMatchObject({ audit: 0, keys: 0 });
});

test("an actor without tenant cannot call what belongs to a tenant", async () => {
  const { command, context } = await stockedTenant(database);
  const actor = { type: "user", id: "u-1" } as typeof context.actor;
  await expect(core.execute(move, command, { ...context, actor })).rejects.toThrow("the actor needs a tenantId");
});

test("refusals as data: no stack, no cause, nothing but JSON", async () => {
  const { command, context } = await stockedTenant(database, 5);
  const tried = await core.tryExecute(move, command, context);
  expect(tried).toEqual({
    ok: false,
    error: {
      code: "InsufficientStock",
      kind: "conflict",
      message: "Not enough stock at the source.",
      details: { available: 5, requested: 30 },
      retryable: false,
    },
  });
  expect(await core.tryExecute(move, { ...command, quantity: 5 }, { ...context, idempotencyKey: "other" })).toMatchObject({ ok: true });
});

test("an aborted call stops before its write", async () => {
  const { tenantId, command, context } = await stockedTenant(database);
  const controller = new AbortController();
  const slow = moveInventory(() => {
    controller.abort(new Error("the caller has gone"));
    return { result: {}, events: { InventoryMoved: { movementId: "m" } } };
  });
  await expect(core.execute(slow, command, { ...context, signal: controller.signal })).rejects.toThrow("the caller has gone");
  expect(await rowCounts(database, tenantId)).toMatchObject({ audit: 0, keys: 0 });
});

test("explain shows the statements that are sent", async () => {
  const text = core.explain(move);
  expect(text).toContain("source, destination: balances, locked no key update");
  expect(text).toMatch(/order by "balances"\."id"\n +for no key update/);
  expect(text).toContain("round trips  2");
});
