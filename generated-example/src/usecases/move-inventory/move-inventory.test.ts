import { decide, row } from "usecasecore/testing";
import { expect, test } from "vitest";
import { inventoryBalances } from "../../db/schema.js";
import { moveInventoryHandler } from "./move-inventory.handler.js";

const shelf1 = "00000000-0000-4000-8000-000000000001";
const shelf2 = "00000000-0000-4000-8000-000000000002";
const shelfF = "00000000-0000-4000-8000-00000000000f";
const command = { sku: "A", fromLocationId: shelf1, toLocationId: shelf2, quantity: 4 };
const state = {
  source: row(inventoryBalances, { id: "b-1", quantity: 10, reserved: 1, reorderPoint: 7 }),
  destination: row(inventoryBalances, { id: "b-2", quantity: 1 }),
};

test("moves the quantity", async () => {
  const { result, writes, events } = await decide(moveInventoryHandler, { command, state });

  expect(result).toMatchObject({ sourceQuantity: 6, destinationQuantity: 5 });
  expect(writes).toMatchObject([
    { table: "inventoryBalances", operation: "update", key: { id: "b-1" }, values: { quantity: 6 } },
    { table: "inventoryBalances", operation: "update", key: { id: "b-2" }, values: { quantity: 5 } },
    { table: "inventoryMovements", operation: "insert", values: { sku: "A", quantity: 4 } },
  ]);
  expect(events).toMatchObject([{ type: "InventoryMoved", key: "b-1", payload: { movementId: result.movementId, sku: "A", quantity: 4 } }]);
});

test("asks for replenishment below the reorder point, and only there", async () => {
  expect((await decide(moveInventoryHandler, { command, state })).jobs).toMatchObject([
    { type: "ReplenishLocation", payload: { sku: "A", locationId: shelf1 } },
  ]);
  expect((await decide(moveInventoryHandler, { command: { ...command, quantity: 3 }, state })).jobs).toEqual([]);
});

test.each([
  ["more than there is", { quantity: 99 }, "InsufficientStock", { available: 9, requested: 99 }],
  ["what is reserved", { quantity: 10 }, "InsufficientStock", { available: 9, requested: 10 }],
  ["same location", { toLocationId: shelf1 }, "SameLocation", undefined],
  ["same location in capitals", { fromLocationId: shelfF, toLocationId: shelfF.toUpperCase() }, "SameLocation", undefined],
  ["nothing", { quantity: 0 }, "ValidationFailed", { violations: [{ path: "/quantity", message: "must be >= 1" }] }],
])("refuses: %s", async (_, change, code, details) => {
  await expect(decide(moveInventoryHandler, { command: { ...command, ...change }, state })).rejects.toMatchObject({ code, details });
});

test("refuses at night", async () => {
  const now = new Date("2026-01-01T03:00:00Z");
  await expect(decide(moveInventoryHandler, { command, state, now })).rejects.toMatchObject({ code: "OutsideMovingHours" });
});
