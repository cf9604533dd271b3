// MoveInventory written by hand with Drizzle the way its documentation teaches, with the guarantees that the runtime gives:
// idempotency, ordered locks, checks, the change, audit, an event and a job, in one transaction. What ours is measured against.
import { createHash, randomUUID } from "node:crypto";
import { and, eq, or, sql } from "drizzle-orm";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { inventoryBalances, inventoryMovements } from "../generated-example/src/db/schema.js";
import { usecaseTables } from "../src/runtime/tables.js";
import type { MoveCall } from "./workload.js";

const { idempotency, audit, outbox } = usecaseTables();

export async function moveByHand(db: PgDatabase<PgQueryResultHKT>, { command, context }: MoveCall): Promise<void> {
  const { actor, idempotencyKey: key, reason } = context;
  const { tenantId } = actor;
  const fingerprint = createHash("sha256").update(JSON.stringify(command)).digest("hex");
  await db.transaction(async (tx) => {
    await tx.execute(sql`select set_config('lock_timeout', '2000', true), set_config('statement_timeout', '5000', true)`);
    const claimed = await tx
      .insert(idempotency)
      .values({
        tenantId,
        scope: "",
        useCase: "MoveInventory",
        key,
        fingerprint,
        expiresAt: new Date(Date.now() + 86_400_000).toISOString(),
      })
      .onConflictDoNothing()
      .returning({ key: idempotency.key });
    if (claimed.length === 0) return;

    const rows = await tx
      .select()
      .from(inventoryBalances)
      .where(
        and(
          eq(inventoryBalances.tenantId, tenantId),
          eq(inventoryBalances.sku, command.sku),
          or(eq(inventoryBalances.locationId, command.fromLocationId), eq(inventoryBalances.locationId, command.toLocationId)),
        ),
      )
      .orderBy(inventoryBalances.id)
      .for("no key update");
    const source = rows.find((row) => row.locationId === command.fromLocationId);
    const destination = rows.find((row) => row.locationId === command.toLocationId);
    if (source === undefined || destination === undefined) throw new Error("BalanceNotFound");
    if (source.quantity < command.quantity) throw new Error("InsufficientStock");

    const result = {
      movementId: randomUUID(),
      sourceQuantity: source.quantity - command.quantity,
      destinationQuantity: destination.quantity + command.quantity,
    };
    await tx.update(inventoryBalances).set({ quantity: result.sourceQuantity }).where(eq(inventoryBalances.id, source.id));
    await tx.update(inventoryBalances).set({ quantity: result.destinationQuantity }).where(eq(inventoryBalances.id, destination.id));
    await tx.insert(inventoryMovements).values({ ...command, id: result.movementId, tenantId });

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
        { table: "inventoryMovements", operation: "insert", key: { id: result.movementId }, after: { ...command, tenantId } },
      ],
      idempotencyKey: key,
    });
    await tx.insert(outbox).values({
      id: randomUUID(),
      kind: "event",
      aggregatetype: "InventoryBalance",
      aggregateid: source.id,
      slot: (createHash("sha1").update(source.id).digest()[0] ?? 0) % 64,
      type: "InventoryMoved",
      version: 1,
      payload: { movementId: result.movementId, sku: command.sku, quantity: command.quantity },
      headers: { tenant: tenantId, actor: actor.id },
      tenantId,
    });
    await tx
      .update(idempotency)
      .set({ outcome: result, auditId })
      .where(
        and(
          eq(idempotency.tenantId, tenantId),
          eq(idempotency.scope, ""),
          eq(idempotency.useCase, "MoveInventory"),
          eq(idempotency.key, key),
        ),
      );
  });
}
