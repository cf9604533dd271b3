import { decide, row } from "usecasecore/testing";
import { expect, test } from "vitest";
import { products } from "../../db/schema.js";
import { createOrderHandler } from "./create-order.handler.js";

const command = {
  orderNumber: "2026-001",
  customerId: "00000000-0000-4000-8000-000000000001",
  lines: [
    { sku: "A", quantity: 3 },
    { sku: "B", quantity: 1 },
  ],
};
const catalogue = new Map([
  ["A", row(products, { sku: "A", price: "0.10" })],
  ["B", row(products, { sku: "B", price: "19.99" })],
]);

test("adds up prices exactly and counts the products", async () => {
  const { result, writes, events } = await decide(createOrderHandler, { command, state: { catalogue } });
  expect(result.total).toBe("20.29");
  expect(writes.map(({ table, operation }) => `${operation} ${table}`).sort()).toEqual([
    "increment products",
    "increment products",
    "insert orderLines",
    "insert orderLines",
    "insert orders",
  ]);
  expect(writes.find(({ table }) => table === "orders")?.values).toMatchObject({ status: "draft", total: "20.29" });
  expect(events).toMatchObject([{ type: "OrderCreated", key: result.orderId, payload: { total: "20.29" } }]);
});

test("refuses a SKU that is named twice", async () => {
  const lines = [...command.lines, { sku: "A", quantity: 1 }];
  await expect(decide(createOrderHandler, { command: { ...command, lines }, state: { catalogue } })).rejects.toMatchObject({
    code: "SkuTwice",
  });
});
