import { decide, row } from "usecasecore/testing";
import { expect, test } from "vitest";
import { inventoryBalances, orderLines, orders } from "../../db/schema.js";
import { reserveInventoryHandler } from "./reserve-inventory.handler.js";

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
const command = { requestId: id(1), orderId: id(2), locationId: id(3) };
const line = (n: number, quantity: number) => row(orderLines, { id: id(n), sku: "A", quantity });
const state = {
  order: row(orders, { id: command.orderId, status: "draft" }),
  lines: [line(11, 3), line(12, 3)],
  balances: new Map([["A", row(inventoryBalances, { id: id(20), sku: "A", quantity: 5 })]]),
};

test("two lines of one SKU share its balance; what is short is ordered", async () => {
  const { result, writes, events, jobs } = await decide(reserveInventoryHandler, { command, state });
  expect(result).toMatchObject({ short: true });
  expect(writes.find(({ table }) => table === "inventoryBalances")?.values).toEqual({ reserved: 5 });
  expect(events.map(({ payload }) => payload)).toMatchObject([{ quantity: 3 }, { quantity: 2 }]);
  expect(jobs).toMatchObject([
    { type: "OrderStock", payload: { skus: ["A"], locationId: command.locationId } },
    { type: "ExpireReservation", payload: { orderId: command.orderId } },
  ]);
});

test("the order becomes reserved", async () => {
  const { writes } = await decide(reserveInventoryHandler, { command, state });
  expect(writes.find(({ table }) => table === "orders")?.values).toMatchObject({ status: "reserved" });
});

test.each([
  ["a SKU that is not stocked", { balances: new Map() }, "NotStocked"],
  ["an order that is paid", { order: row(orders, { id: command.orderId, status: "paid" }) }, "InvalidTransition"],
  ["a line over nothing", { lines: [line(11, 0)] }, "NothingToReserve"],
  ["too many lines", { lines: Array.from({ length: 101 }, (_, n) => line(n, 1)) }, "TooManyLines"],
])("refuses: %s", async (_, change, code) => {
  await expect(decide(reserveInventoryHandler, { command, state: { ...state, ...change } })).rejects.toMatchObject({ code });
});
