// MoveInventory written by hand with Drizzle the way its documentation teaches, with the guarantees that the runtime gives:
// idempotency, ordered locks, checks, the change, audit and an event, in one transaction. What ours is measured against.
import { createHash, randomUUID } from "node:crypto";
import { and, eq, or, sql } from "drizzle-orm";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { inventoryBalances, inventoryMovements } from "../../generated-example/src/db/schema.js";
import { usecaseTables } from "../../src/runtime/tables.js";
import type { MoveCall } from "./workload.js";

const { idempotency, audit, outbox } = usecaseTables();
type Database = PgDatabase<PgQueryResultHKT>;

export async function moveByHand(db: Database, call: MoveCall): Promise<unknown> {
  const { command, context } = call;
  const { actor, idempotencyKey: key } = context;
  const { tenantId } = actor;
  const fingerprint = createHash("sha256").update(JSON.stringify(command)).digest("hex");
  const ofCall = and(
    eq(idempotency.tenantId, tenantId),
    eq(idempotency.scope, ""),
    eq(idempotency.useCase, "MoveInventory"),
    eq(idempotency.key, key),
  );
  return db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('lock_timeout', '2000', true), set_config('statement_timeout', '5000', true)`);
    const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
    const claimed = await tx
      .insert(idempotency)
      .values({ tenantId, scope: "", useCase: "MoveInventory", key, fingerprint, expiresAt })
      .onConflictDoNothing()
      .returning({ key: idempotency.key });
    if (claimed.length === 0) {
      const [stored] = await tx.select().from(idempotency).where(ofCall);
      if (stored?.fingerprint !== fingerprint) throw new Error("IdempotencyMismatch");
      return stored.outcome;
    }
    const { result, auditId } = await move(tx, call);
    await tx.update(idempotency).set({ outcome: result, auditId }).where(ofCall);
    return result;
  });
}

/** What is left where something else sees to transaction and idempotency. */
export async function move(tx: Database, { command, context }: MoveCall) {
  const { actor, idempotencyKey, reason } = context;
  const { tenantId } = actor;
  const { sku, fromLocationId, toLocationId, quantity } = command;
  const places = or(eq(inventoryBalances.locationId, fromLocationId), eq(inventoryBalances.locationId, toLocationId));
  const rows = await tx
    .select()
    .from(inventoryBalances)
    .where(and(eq(inventoryBalances.tenantId, tenantId), eq(inventoryBalances.sku, sku), places))
    .orderBy(inventoryBalances.id)
    .for("no key update");
  const source = rows.find((row) => row.locationId === fromLocationId);
  const destination = rows.find((row) => row.locationId === toLocationId);
  if (source === undefined || destination === undefined) throw new Error("BalanceNotFound");
  if (source.quantity - source.reserved < quantity) throw new Error("InsufficientStock");

  const movementId = randomUUID();
  const result = { movementId, sourceQuantity: source.quantity - quantity, destinationQuantity: destination.quantity + quantity };
  await tx.update(inventoryBalances).set({ quantity: result.sourceQuantity }).where(eq(inventoryBalances.id, source.id));
  await tx.update(inventoryBalances).set({ quantity: result.destinationQuantity }).where(eq(inventoryBalances.id, destination.id));
  await tx.insert(inventoryMovements).values({ id: movementId, tenantId, sku, fromLocationId, toLocationId, quantity });

  const auditId = randomUUID();
  await tx.insert(audit).values({
    id: auditId,
    useCase: "MoveInventory",
    action: "inventory.moved",
    outcome: "committed",
    tenantId,
    actor,
    subjectType: "InventoryBalance",
    subjectId: source.id,
    reason,
    command,
    changes: [
      { table: "inventoryBalances", operation: "update", key: { id: source.id }, before: { quantity: source.quantity } },
      { table: "inventoryBalances", operation: "update", key: { id: destination.id }, before: { quantity: destination.quantity } },
      { table: "inventoryMovements", operation: "insert", key: { id: movementId }, after: { ...command, tenantId } },
    ],
    idempotencyKey,
  });
  await tx.insert(outbox).values({
    id: randomUUID(),
    kind: "event",
    aggregatetype: "InventoryBalance",
    aggregateid: source.id,
    slot: (createHash("sha1").update(source.id).digest()[0] ?? 0) % 64,
    type: "InventoryMoved",
    version: 1,
    payload: { movementId, sku, quantity },
    headers: { tenant: tenantId, actor: actor.id },
    tenantId,
  });
  return { result, auditId };
}
