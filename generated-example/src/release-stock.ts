import type { InventoryBalance, InventoryBalanceWrites } from "./usecases/repositories/inventory-balances.gen.js";
import type { Reservation, ReservationWrites } from "./usecases/repositories/reservations.gen.js";

interface Writes {
  readonly inventoryBalances: Pick<InventoryBalanceWrites, "update">;
  readonly reservations: Pick<ReservationWrites, "delete">;
}

/** Gives back what an order has reserved; `balances` are those that the reservations name, by their ids. */
export function releaseStock(writes: Writes, reserved: readonly Reservation[], balances: ReadonlyMap<string, InventoryBalance>): void {
  const left = new Map(balances);
  for (const reservation of reserved) {
    const balance = left.get(reservation.inventoryBalanceId);
    if (balance === undefined) throw new Error(`Reservation ${reservation.id} names a balance that does not exist.`);
    left.set(balance.id, writes.inventoryBalances.update(balance, { reserved: balance.reserved - reservation.quantity }));
    writes.reservations.delete(reservation);
  }
}
