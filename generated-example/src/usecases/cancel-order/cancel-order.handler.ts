import { type CancelOrderOutcome, defineHandler } from "./cancel-order.gen.js";

export const cancelOrderHandler = defineHandler({
  apply({ state: { reserved, balances }, writes }): CancelOrderOutcome {
    const left = new Map(balances);
    for (const reservation of reserved) {
      const balance = left.get(reservation.inventoryBalanceId);
      if (balance === undefined) throw new Error(`Reservation ${reservation.id} names a balance that does not exist.`);
      left.set(balance.id, writes.inventoryBalances.update(balance, { reserved: balance.reserved - reservation.quantity }));
      writes.reservations.delete(reservation);
    }

    return { result: { released: reserved.length } };
  },
});
