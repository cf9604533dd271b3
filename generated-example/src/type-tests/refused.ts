// Mistakes that must be compile errors. Each @ts-expect-error is a promise: were its line to compile, this file would not.
// Type-checked with the rest, never run.
import { createUseCaseCore, type Driver, isUseCaseError, type RowOf } from "usecasecore";
import { decide } from "usecasecore/testing";
import { createOrder, getOrder, moveInventory, payOrder } from "../usecases/index.gen.js";
import { defineHandler, type MoveInventoryInput, type MoveInventoryOutcome } from "../usecases/move-inventory/move-inventory.gen.js";
import type { InventoryBalance, InventoryBalanceWrites } from "../usecases/repositories/inventory-balances.gen.js";
import type { InventoryMovementWrites } from "../usecases/repositories/inventory-movements.gen.js";
import type { Order, OrderWrites } from "../usecases/repositories/orders.gen.js";
import type { ProductWrites } from "../usecases/repositories/products.gen.js";
import {
  defineHandler as defineReserve,
  type ReserveInventoryInput,
} from "../usecases/reserve-inventory/reserve-inventory.gen.js";

declare const order: Order;
declare const reserve: ReserveInventoryInput;
declare const orderWrites: OrderWrites;
declare const movements: InventoryMovementWrites;
declare const products: ProductWrites;
declare const result: { movementId: string; sourceQuantity: number; destinationQuantity: number };
const checks = { withinMovingHours: () => true };
const events = { InventoryMoved: { movementId: "m" } };

// --- the outcome
// @ts-expect-error a declared event is forgotten
defineHandler({ checks, apply: () => ({ result, events: {} }) });
// @ts-expect-error all events are forgotten
defineHandler({ checks, apply: () => ({ result }) });
// @ts-expect-error a result field is forgotten
defineHandler({ checks, apply: () => ({ result: { movementId: "m", sourceQuantity: 1 }, events }) });
// @ts-expect-error a result field has another type
defineHandler({ checks, apply: () => ({ result: { ...result, movementId: 1 }, events }) });
// @ts-expect-error async, and a result field is forgotten
defineHandler({ checks, async apply() { return { result: { movementId: "m" }, events }; } });
// @ts-expect-error nothing is returned
defineHandler({ checks, apply() {} });
// Undeclared events and result fields are found where the return type is written, as scaffolded handlers do.
defineHandler({
  checks,
  apply: (): MoveInventoryOutcome => ({
    // @ts-expect-error an undeclared result field
    result: { ...result, secret: 1 },
    // @ts-expect-error an undeclared event
    events: { ...events, InventoryLost: {} },
  }),
});
defineReserve({
  checks: { withinLineLimit: () => true },
  // @ts-expect-error a payload of an event with many has another shape
  apply: () => ({ result: { reservationIds: [], short: false }, events: { StockReserved: [{ sku: 1 }] } }),
});

// --- the checks
// @ts-expect-error a check is missing
defineHandler({ checks: {}, apply: () => ({ result, events }) });
// @ts-expect-error all checks are missing
defineHandler({ apply: () => ({ result, events }) });
// @ts-expect-error an extra check
defineHandler({ checks: { ...checks, onMonday: () => true }, apply: () => ({ result, events }) });
// @ts-expect-error a check that answers with something else
defineHandler({ checks: { withinMovingHours: () => "yes" }, apply: () => ({ result, events }) });
// @ts-expect-error a check is pure: no promise
defineHandler({ checks: { withinMovingHours: async () => true }, apply: () => ({ result, events }) });
defineReserve({
  // @ts-expect-error the error has details, so `false` is not enough
  checks: { withinLineLimit: () => false },
  apply: () => ({ result: { reservationIds: [], short: false }, events: { StockReserved: [] } }),
});

// --- writes
export function writing({ state, writes, command }: MoveInventoryInput): void {
  // @ts-expect-error an undeclared table
  writes.orders.update(order, {});
  // @ts-expect-error an undeclared operation
  writes.inventoryBalances.delete(state.source);
  // @ts-expect-error an undeclared operation
  writes.inventoryMovements.update(state.source, {});
  // @ts-expect-error a column that the spec does not name
  writes.inventoryBalances.update(state.source, { reserved: 3 });
  // @ts-expect-error a required column (quantity) is missing
  writes.inventoryMovements.insert({ sku: "A", fromLocationId: "a", toLocationId: "b" });
  // @ts-expect-error a column that does not exist
  writes.inventoryMovements.insert({ sku: "A", fromLocationId: "a", toLocationId: "b", quantity: 1, colour: "red" });
  // @ts-expect-error the tenant is the runtime's
  writes.inventoryMovements.insert({ tenantId: "t-2", sku: "A", fromLocationId: "a", toLocationId: "b", quantity: 1 });
  // @ts-expect-error a column of another type
  writes.inventoryBalances.update(state.source, { quantity: "3" });
  // @ts-expect-error a column that does not exist
  writes.inventoryBalances.update(state.source, { colour: "red" });
  // @ts-expect-error the key is not changed
  writes.inventoryBalances.update(state.source, { id: "other" });
  // @ts-expect-error null in a not-null column
  writes.inventoryBalances.update(state.source, { quantity: null });
  // @ts-expect-error undefined says nothing: leave the column out, or say null
  writes.inventoryBalances.update(state.source, { quantity: undefined });
  // @ts-expect-error a row of another table
  writes.inventoryBalances.update(order, { quantity: 3 });
  // @ts-expect-error the command is not a row
  writes.inventoryBalances.update(command, { quantity: 3 });
  // @ts-expect-error a literal is not a loaded row
  writes.inventoryBalances.update({ id: "b-1" }, { quantity: 3 });
  // @ts-expect-error the machine writes the status
  orderWrites.update(order, { status: "paid" });
  // @ts-expect-error a text cannot be incremented
  products.increment({ sku: "A" }, { name: 1 });
  // @ts-expect-error rows are read-only
  state.source.quantity = 3;
  // @ts-expect-error so are lists of rows
  reserve.state.lines.push(order);
  // @ts-expect-error and maps of rows
  reserve.state.balances.set("A", state.source);
  // these compile
  writes.inventoryMovements.insert({ sku: "A", fromLocationId: "a", toLocationId: "b", quantity: 1, note: command.note });
  movements.insert({ id: "given", sku: "A", fromLocationId: "a", toLocationId: "b", quantity: 1 });
  writes.inventoryBalances.update(writes.inventoryBalances.update(state.source, { quantity: 3 }), { quantity: 4 });
  const projected: Pick<InventoryBalance, "id" | "quantity"> & RowOf<"inventoryBalances"> = state.source;
  writes.inventoryBalances.update(projected, { quantity: projected.quantity + 1 });
}

// --- rejecting
export function rejecting({ state, reject }: ReserveInventoryInput): number {
  // @ts-expect-error an undeclared error
  if (state.lines.length === 0) return reject("OutOfLines");
  // @ts-expect-error a built-in error is not a handler's to give
  if (state.lines.length === 0) return reject("NotFound");
  // @ts-expect-error details are missing
  if (state.lines.length === 1) return reject("TooManyLines");
  // @ts-expect-error details of another type
  if (state.lines.length === 2) return reject("TooManyLines", { maximum: "many" });
  // @ts-expect-error undeclared details
  if (state.lines.length === 3) return reject("TooManyLines", { maximum: 1, price: 1 });
  // @ts-expect-error details where there are none
  if (state.lines.length === 4) return reject("NothingToReserve", { sku: "A" });
  const first = state.lines[0] ?? reject("NothingToReserve");
  // @ts-expect-error noUncheckedIndexedAccess still holds
  void state.lines[1].sku;
  // @ts-expect-error a row of the map may be missing
  void state.balances.get("A").quantity;
  return first.quantity; // narrowed by reject
}

// --- calling
export async function calling(driver: Driver): Promise<void> {
  const core = createUseCaseCore({ driver });
  const command = { sku: "A", fromLocationId: "a", toLocationId: "b", quantity: 1 };
  const context = { actor: { type: "user", id: "u", tenantId: "t" }, idempotencyKey: "k", reason: "why" };
  const done = await core.execute(moveInventory, command, context);
  // @ts-expect-error a command of another use case
  await core.execute(moveInventory, { requestId: "r", orderId: "o", locationId: "l" }, context);
  // @ts-expect-error a field is missing
  await core.execute(moveInventory, { sku: "A", fromLocationId: "a", toLocationId: "b" }, context);
  // @ts-expect-error an unknown field
  await core.execute(moveInventory, { ...command, colour: "red" }, context);
  // @ts-expect-error no actor
  await core.execute(moveInventory, command, { idempotencyKey: "k", reason: "why" });
  // @ts-expect-error no context at all
  await core.execute(moveInventory, command);
  // @ts-expect-error an actor without a tenant, in a tenant-scoped use case
  await core.execute(moveInventory, command, { ...context, actor: { type: "user", id: "u" } });
  // @ts-expect-error no reason, and the spec requires one
  await core.execute(moveInventory, command, { actor: context.actor, idempotencyKey: "k" });
  // @ts-expect-error no idempotency key, and the spec requires one
  await core.execute(moveInventory, command, { actor: context.actor, reason: "why" });
  // @ts-expect-error no such field of the result
  void done.result.colour;
  // @ts-expect-error a handler alone (not what defineHandler returned) is no use case
  await core.execute({ apply: () => done }, command, context);
  // @ts-expect-error a line needs its quantity
  await core.execute(createOrder, { orderNumber: "1", customerId: "c", lines: [{ sku: "A" }] }, context);
  // @ts-expect-error a decimal is exact, so it is a text
  await core.execute(payOrder, { orderId: "o", amount: 12.5, cardToken: "t" }, context);
  // @ts-expect-error no such field of the query's result
  void (await core.execute(getOrder, { orderId: "o" }, { actor: context.actor })).result.customer;
  // @ts-expect-error decide: a load is missing
  await decide(moveInventory, { command, state: {} });
  await core.execute(moveInventory, { ...command, note: undefined }, { ...context, signal: undefined });
}

// --- errors are a closed union
export function message(error: unknown): string {
  if (!isUseCaseError(error, moveInventory)) throw error;
  switch (error.code) {
    case "InsufficientStock":
      return `${error.details.available} of ${error.details.requested}`;
    case "ValidationFailed":
      return error.details.violations.map((violation) => violation.path).join();
    case "BalanceNotFound":
    case "SameLocation":
    case "NegativeStock":
    case "OutsideMovingHours":
    case "ReasonRequired":
    case "Forbidden":
    case "IdempotencyInFlight":
    case "IdempotencyKeyRequired":
    case "IdempotencyMismatch":
    case "LockTimeout":
    case "ConcurrencyConflict":
    case "ConstraintViolation":
    case "Unavailable":
      return error.message;
    // @ts-expect-error not an error of this use case
    case "NotStocked":
      return "";
    default:
      return error satisfies never;
  }
}

// --- a domain function that several handlers share needs only the table's types
export function take(writes: Pick<InventoryBalanceWrites, "update">, balance: InventoryBalance, quantity: number): InventoryBalance {
  return writes.update(balance, { quantity: balance.quantity - quantity });
}
