import { expect, test } from "vitest";
import { balancesRepository, movementsRepository, ordersRepository, productsRepository } from "../../testing/server/fixtures/tables.js";
import { tablePlace } from "../load/plan-loads.js";
import type { AnyRepository } from "../repository.js";
import { planWrites } from "./plan-writes.js";
import type { RowChange } from "./row-change.js";

const change = (
  repository: AnyRepository,
  operation: RowChange["operation"],
  identity: string,
  more: Partial<RowChange> = {},
): RowChange => ({
  repository,
  operation,
  identity,
  key: { id: identity },
  values: operation === "delete" ? {} : { quantity: 1 },
  increments: {},
  guards: {},
  locked: true,
  ...more,
});

test("deletes, updates, increments, inserts; each by lock order, then by name; changed rows by key, new ones as they came", () => {
  const steps = planWrites(
    [
      change(movementsRepository, "insert", "z"),
      change(movementsRepository, "insert", "a"),
      change(productsRepository, "update", "p", { values: {}, increments: { timesOrdered: 1 } }),
      change(balancesRepository, "update", "b"),
      change(ordersRepository, "update", "o"),
      change(balancesRepository, "update", "a"),
      change(balancesRepository, "update", "c", { values: { reserved: 1 } }),
      change(balancesRepository, "update", "d", { values: {} }),
      change(balancesRepository, "delete", "e"),
      change(movementsRepository, "delete", "m"),
    ],
    tablePlace(["orders", "balances"]),
  );
  expect(
    steps.map(({ operation, repository, rows }) => `${operation} ${repository.name}: ${rows.map(({ identity }) => identity)}`),
  ).toEqual([
    "delete balances: e",
    "delete movements: m",
    "update orders: o",
    "update balances: a,b",
    "update balances: c",
    "update products: p",
    "insert movements: z,a",
  ]);
});
