import { expect, test } from "vitest";
import { camelCase, kebabCase, pascalCase, rowTypeName, sentence, singularOf } from "./names.js";

test.each([
  // name, kebab, camel, pascal, sentence
  ["MoveInventory", "move-inventory", "moveInventory", "MoveInventory", "Move inventory."],
  ["inventoryBalances", "inventory-balances", "inventoryBalances", "InventoryBalances", "Inventory balances."],
  ["inventory_balances", "inventory-balances", "inventoryBalances", "InventoryBalances", "Inventory balances."],
  ["BalanceNotFound", "balance-not-found", "balanceNotFound", "BalanceNotFound", "Balance not found."],
  ["SKUTwice", "sku-twice", "skuTwice", "SKUTwice", "SKU twice."],
  ["GetURL", "get-url", "getURL", "GetURL", "Get URL."],
  ["Sha256Hash", "sha256-hash", "sha256Hash", "Sha256Hash", "Sha256 hash."],
  ["X", "x", "x", "X", "X."],
  ["", "", "", "", "."],
])("%s", (name, kebab, camel, pascal, text) => {
  expect([kebabCase(name), camelCase(name), pascalCase(name), sentence(name)]).toEqual([kebab, camel, pascal, text]);
});

test.each([
  ["orders", "Order"],
  ["inventoryBalances", "InventoryBalance"],
  ["categories", "Category"],
  ["boxes", "Box"],
  ["addresses", "Address"],
  ["branches", "Branch"],
  ["dishes", "Dish"],
  ["orderStatuses", "OrderStatus"],
  ["aliases", "Alias"],
  ["warehouses", "Warehouse"],
  ["purchases", "Purchase"],
  ["responses", "Response"],
  ["invoices", "Invoice"],
  ["movies", "Movy"],
  ["people", "PeopleRow"],
  ["status", "StatusRow"],
  ["address", "AddressRow"],
  ["audit_logs", "AuditLog"],
])("rows of %s are %s", (table, row) => {
  expect(rowTypeName(table)).toBe(row);
});

test("the configuration names rows where the suffixes fail", () => {
  expect(rowTypeName("people", { people: "Person" })).toBe("Person");
  expect(rowTypeName("constructor", {})).toBe("ConstructorRow");
  expect(singularOf("sheep")).toBeUndefined();
});
