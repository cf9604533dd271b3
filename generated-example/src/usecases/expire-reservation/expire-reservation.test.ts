// `decide` and `row` of usecasecore/testing run the handler without a database.
import { decide, row } from "usecasecore/testing";
import { expect, test } from "vitest";
import { inventoryBalances, orderLines, orders, reservations } from "../../db/schema.js";
import { expireReservationHandler } from "./expire-reservation.handler.js";

const [orderId, lineId, balanceId] = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`) as [string, string, string];
const balance = row(inventoryBalances, { id: balanceId, reserved: 5 });
const stateOf = (status: "reserved" | "paid") => ({
  order: row(orders, { id: orderId, status }),
  lines: [row(orderLines, { id: lineId, orderId, quantity: 3 })],
  reserved: [row(reservations, { orderLineId: lineId, inventoryBalanceId: balanceId, quantity: 3 })],
  balances: new Map([[balanceId, balance]]),
});
const actor = { type: "system", id: "ExpireReservation", tenantId: "t-1" };

test("cancels the order and gives its stock back", async () => {
  const { result, writes, events } = await decide(expireReservationHandler, { command: { orderId }, state: stateOf("reserved"), actor });
  expect(result).toEqual({ released: 1 });
  expect(writes).toMatchObject([
    { table: "orders", values: { status: "cancelled" } },
    { table: "inventoryBalances", key: { id: balanceId }, values: { reserved: 2 } },
    { table: "reservations", operation: "delete" },
  ]);
  expect(events).toMatchObject([{ type: "OrderExpired", key: orderId }]);
});

test("leaves an order alone that has been paid: its trigger ignores the refusal", async () => {
  await expect(decide(expireReservationHandler, { command: { orderId }, state: stateOf("paid"), actor })).rejects.toMatchObject({
    code: "InvalidTransition",
  });
});
