import { defineHandler, type ReserveInventoryOutcome } from "./reserve-inventory.gen.js";

const maximum = 100;

export const reserveInventoryHandler = defineHandler({
  checks: {
    withinLineLimit: ({ state: { lines } }) => lines.length <= maximum || { details: { maximum } },
  },

  apply({ state: { order, lines, balances }, writes, now, reject }): ReserveInventoryOutcome {
    // Two lines may name one SKU: each takes from what the one before left.
    const left = new Map(balances);
    const short: string[] = [];

    const reserved = lines.flatMap((line) => {
      const balance = left.get(line.sku) ?? reject("NotStocked");
      const quantity = Math.min(line.quantity, balance.quantity - balance.reserved);
      if (quantity < line.quantity) short.push(line.sku);
      if (quantity === 0) return [];
      left.set(line.sku, writes.inventoryBalances.update(balance, { reserved: balance.reserved + quantity }));
      const { id } = writes.reservations.insert({ orderLineId: line.id, inventoryBalanceId: balance.id, quantity });
      return { reservationId: id, sku: line.sku, quantity };
    });
    writes.orders.update(order, { reservedAt: now });

    return {
      result: { reservationIds: reserved.map(({ reservationId }) => reservationId), short: short.length > 0 },
      events: { StockReserved: reserved },
      ...(short.length > 0 && { jobs: { OrderStock: { skus: short } } }),
    };
  },
});
