import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { moveInventory } from "../testing/server/fixtures/move-inventory.js";
import { balances } from "../testing/server/fixtures/tables.js";
import { createUseCaseCore } from "./core.js";

let database: RuntimeDatabase;
beforeAll(async () => {
  database = await openRuntimeDatabase(20);
});
afterAll(() => database.close());

const noon = new Date("2026-01-01T12:00:00Z");
const authorizer = { authorize: () => true };
const move = moveInventory();

/** Two shelves of one tenant that no other test knows. */
async function shelves(source = 100, destination = 0) {
  const tenantId = `t-${randomUUID()}`;
  const [from, to] = [randomUUID(), randomUUID()];
  const [sourceId, destinationId] = [randomUUID(), randomUUID()];
  await database.db.insert(balances).values([
    { id: sourceId, tenantId, sku: "A", locationId: from, quantity: source },
    { id: destinationId, tenantId, sku: "A", locationId: to, quantity: destination },
  ]);
  const actor = { type: "user", id: "u-1", tenantId };
  return {
    tenantId,
    sourceId,
    destinationId,
    command: { sku: "A", fromLocationId: from, toLocationId: to, quantity: 30, note: "for Mrs Miller" },
    context: { actor, idempotencyKey: randomUUID(), reason: "refill", correlationId: "c-1" },
  };
}

const count = async (table: string, tenantId: string) => {
  const [row] = await database.rows<{ n: string }>(`select count(*) n from ${table} where tenant_id = $1`, [tenantId]);
  return Number(row?.n);
};

test("moves stock: rows, audit, event, key", async () => {
  const core = createUseCaseCore({ driver: database.driver, authorizer, clock: () => noon });
  const { tenantId, sourceId, destinationId, command, context } = await shelves(100, 5);
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
      headers: { tenantId, correlationId: "c-1", auditId: answer.auditId },
    },
  ]);
  expect(await count("usecase_idempotency", tenantId)).toBe(1);
});
void beforeEach;
void describe;
