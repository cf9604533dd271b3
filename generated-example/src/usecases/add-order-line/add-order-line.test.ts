// `decide` and `row` of usecasecore/testing run the handler without a database.
import { decide, row } from "usecasecore/testing";
import { expect, test } from "vitest";
import { orders, products } from "../../db/schema.js";
import { addOrderLineHandler } from "./add-order-line.handler.js";

const orderId = "00000000-0000-4000-8000-000000000001";
const suppliers = { quote: () => Promise.reject(new Error("decide asks nobody")) };
const given = {
  command: { orderId, sku: "A", quantity: 3, highestPrice: "1.20" },
  state: { order: row(orders, { id: orderId, status: "draft", total: "10.10" }), product: row(products, { sku: "A", price: "9.99" }) },
  prepare: { quote: { price: "1.20", validUntil: "2026-01-01T12:00:01Z" } },
  services: { suppliers },
};

test("adds the line at the quoted price, and what it costs to the order's total", async () => {
  const { result, writes, events } = await decide(addOrderLineHandler, given);
  expect(result).toMatchObject({ price: "1.20", total: "13.70" });
  expect(writes).toMatchObject([
    { table: "orderLines", values: { orderId, sku: "A", quantity: 3, price: "1.20" } },
    { table: "orders", values: { total: "13.70" } },
  ]);
  expect(events).toMatchObject([{ type: "OrderLineAdded", key: orderId, payload: { lineId: result.lineId, quantity: 3 } }]);
});

test.each([
  ["NotADraft", { state: { ...given.state, order: row(orders, { id: orderId, status: "paid", total: "10.10" }) } }],
  ["TooDear", { command: { ...given.command, highestPrice: "1.19" } }],
  ["QuoteExpired", { prepare: { quote: { price: "1.20", validUntil: "2026-01-01T12:00:00Z" } } }],
])("refuses with %s", async (code, changed) => {
  await expect(decide(addOrderLineHandler, { ...given, ...changed })).rejects.toMatchObject({ code });
});
