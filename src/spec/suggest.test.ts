import { expect, test } from "vitest";
import { nearest } from "./suggest.js";

const tables = ["orders", "orderLines", "inventoryBalances", "inventoryMovements", "products"];

test.each([
  ["inventoryBalance", ["inventoryBalances"]],
  ["inventory_balances", ["inventoryBalances"]],
  ["ORDERS", ["orders"]],
  ["ordres", ["orders"]],
  ["order", ["orders", "orderLines"]],
  ["Balances", ["inventoryBalances"]],
  ["customers", []],
  ["", []],
  ["x", []],
  ["orders", []],
  ["x".repeat(10_000), []],
])("%s → %j", (name, expected) => {
  expect(nearest(name, tables)).toEqual(expected);
});

test("at most three, best first, whatever the order of the candidates", () => {
  const candidates = ["loads", "load", "lode", "soda", "coda"];
  expect(nearest("loda", candidates)).toEqual(nearest("loda", candidates.toReversed()));
  expect(nearest("loda", candidates)).toHaveLength(3);
});
