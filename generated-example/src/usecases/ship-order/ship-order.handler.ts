import { defineHandler, type ShipOrderOutcome } from "./ship-order.gen.js";

export const shipOrderHandler = defineHandler({
  apply({ state: { order, reserved, balances }, writes, now }): ShipOrderOutcome {
    const left = new Map(balances);
    for (const reservation of reserved) {
      const balance = left.get(reservation.inventoryBalanceId);
      if (balance === undefined) throw new Error(`Reservation ${reservation.id} names a balance that does not exist.`);
      const changes = { quantity: balance.quantity - reservation.quantity, reserved: balance.reserved - reservation.quantity };
      left.set(balance.id, writes.inventoryBalances.update(balance, changes));
      writes.reservations.delete(reservation);
    }
    writes.orders.update(order, { shippedAt: now });

    return { result: { parcels: left.size } };
  },
});
