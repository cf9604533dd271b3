import { describe, expect, test } from "vitest";
import { decide } from "./decide.js";
import { row } from "./row.js";
import { moveInventory } from "./server/fixtures/move-inventory.js";
import { balances, balancesRepository, orders, ordersRepository, productsRepository } from "./server/fixtures/tables.js";
import { testUseCase } from "./server/fixtures/use-case.js";

const command = { sku: "A", fromLocationId: "shelf-1", toLocationId: "shelf-2", quantity: 4, note: "n" };
const source = row(balances, { id: "b-1", quantity: 12 });
const destination = row(balances, { id: "b-2", quantity: 1 });
const state = { source, destination };
const move = moveInventory();

test("what is decided: result, writes, complete messages", async () => {
  const { result, writes, events, jobs } = await decide(move, { command, state });
  expect(result).toEqual({ movementId: "00000000-0000-7000-8000-000000000001", sourceQuantity: 8, destinationQuantity: 5 });
  expect(writes).toEqual([
    { table: "balances", operation: "update", key: { id: "b-1" }, values: { quantity: 8 } },
    { table: "balances", operation: "update", key: { id: "b-2" }, values: { quantity: 5 } },
    {
      table: "movements",
      operation: "insert",
      key: { id: result["movementId"] },
      values: { id: result["movementId"], tenantId: "t-1", sku: "A", quantity: 4, note: "n" },
    },
  ]);
  expect(events).toEqual([{ type: "InventoryMoved", key: "b-1", payload: { movementId: result["movementId"], sku: "A", quantity: 4 } }]);
  expect(jobs).toMatchObject([{ type: "ReplenishLocation", payload: { sku: "A", locationId: "shelf-1" } }]);
});

test.each<[string, object, object]>([
  ["an invalid command", { command: { ...command, quantity: 1.5 } }, { code: "ValidationFailed" }],
  ["a permission", { permissions: ["other"] }, { code: "Forbidden", details: { permission: "inventory.move" } }],
  ["a rule", { command: { ...command, quantity: 13 } }, { code: "InsufficientStock", details: { available: 12, requested: 13 } }],
  ["a check", { now: new Date("2026-01-01T03:00:00Z") }, { code: "OutsideMovingHours" }],
])("refused: %s", async (_, given, error) => {
  await expect(decide(move, { command, state, ...given })).rejects.toMatchObject(error);
});

test("rows are as frozen as loaded ones, and the test's own stay as they are", async () => {
  const mutating = moveInventory((input) => {
    Object.assign(input.state["source"] ?? {}, { quantity: 0 });
    return {};
  });
  await expect(decide(mutating, { command, state })).rejects.toThrow(TypeError);
  expect(Object.isFrozen(source)).toBe(false);
});

test("a row that two loads found is one row", async () => {
  const both = moveInventory((input) => {
    expect(input.state["source"]).toBe(input.state["destination"]);
    return { result: {}, events: { InventoryMoved: { movementId: "m" } } };
  });
  await decide(both, { command, state: { source, destination: source } });
});

test("transitions and increments are among the writes; maps and lists of rows are taken as they are loaded", async () => {
  const load = { where: {}, cardinality: "many" } as const;
  const useCase = testUseCase(
    {
      name: "Reserve",
      state: {
        rows: { from: ordersRepository, ...load },
        stock: { from: balancesRepository, ...load, keyBy: "sku" },
        gone: { from: ordersRepository, where: {} },
      },
      transitions: [{ state: "rows", machine: "Order", event: "reserve", field: "status", moves: { draft: "reserved" } }],
      writes: {
        balances: { into: balancesRepository, update: ["reserved"], delete: true },
        products: { into: productsRepository, increment: ["timesOrdered"] },
      },
    },
    (input) => {
      const writes = input["writes"] as {
        balances: { update(row: unknown, changes: object): void };
        products: { increment(key: object, by: object): void };
      };
      writes.balances.update((input.state["stock"] as unknown as Map<string, object>).get("A"), { reserved: 2 });
      writes.products.increment({ sku: "A" }, { timesOrdered: 1 });
      return { result: { gone: input.state["gone"] } };
    },
  );
  const first = row(orders);
  const given = { rows: [first, row(orders)], stock: new Map([["A", row(balances, { id: "b" })]]) };
  const { result, writes } = await decide(useCase, { command: {}, state: given as never });
  expect(result).toEqual({ gone: null });
  expect(writes).toMatchObject([
    { table: "orders", operation: "update", key: { id: first.id }, values: { status: "reserved" } },
    { table: "orders", operation: "update", values: { status: "reserved" } },
    { table: "balances", operation: "update", key: { id: "b" }, values: { reserved: 2 } },
    { table: "products", operation: "increment", key: { sku: "A" }, values: { timesOrdered: 1 } },
  ]);
});

describe("row", () => {
  test("columns given; defaults; null; something small of its type", () => {
    expect(row(orders, { orderNumber: "7" })).toEqual({
      id: expect.any(String),
      tenantId: "",
      orderNumber: "7",
      status: "draft",
      secretNote: null,
    });
    expect(row(balances)).toMatchObject({ reserved: 0, quantity: 0, locationId: "00000000-0000-0000-0000-000000000000" });
  });

  test("two rows are two rows", () => {
    expect(row(orders).id).not.toBe(row(orders).id);
  });
});
