import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { formatSpecPath } from "../lint/spec-path.js";
import { type LoadedProject, loadProject } from "../spec/load-project.js";
import { enclosingNames } from "./enclosing-names.js";
import { specPlaceOf } from "./spec-place-of.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const out = "generated-example/src/usecases";
let loaded: LoadedProject;
beforeAll(async () => {
  loaded = await loadProject({ cwd: root });
});

const read = (file: string) => readFileSync(join(root, file), "utf8");

/** The place of the line that has this text, the n-th time that it is there. */
function placeOf(file: string, text: string, nth = 1) {
  const source = read(`${out}/${file}`);
  const lines = source.split("\n").flatMap((line, index) => (line.includes(text) ? [index + 1] : []));
  const found = specPlaceOf(loaded.project, `${out}/${file}`, source, lines[nth - 1] ?? expect.unreachable(`no ${text}`));
  return found === undefined ? "nothing" : `${found.place.file} ${formatSpecPath(found.place.path)}`;
}

const move = "move-inventory/move-inventory.gen.ts";
const spec = "specs/move-inventory.usecase.yaml";
test.each([
  [move, "DO NOT EDIT", 1, `${spec} `],
  [move, "readonly quantity: number;", 1, `${spec} command.quantity`],
  [move, "Secret: never in audit", 1, `${spec} command.note?`],
  [move, "readonly destination: InventoryBalance", 1, `${spec} state.destination`],
  [move, "readonly inventoryMovements: Pick", 1, `${spec} writes.inventoryMovements`],
  [move, "readonly movementId: string;", 1, `${spec} result.movementId`],
  [move, 'Refusal<"InsufficientStock"', 1, `${spec} errors.InsufficientStock`],
  [move, "readonly InventoryMoved", 1, `${spec} events.InventoryMoved`],
  [move, "readonly withinMovingHours", 1, `${spec} policies[3]`],
  [move, "sku: ({ command }) => command.sku,", 1, `${spec} state.source.where.sku`],
  [move, "locationId: ({ command }) => command.toLocationId,", 1, `${spec} state.destination.where.locationId`],
  [move, 'lock: "no key update"', 2, `${spec} state.destination.lock`],
  [move, 'permission: "inventory.move"', 1, `${spec} policies[0]`],
  [move, "requested: command.quantity", 1, `${spec} policies[2]`],
  [move, 'check: "withinMovingHours"', 1, `${spec} policies[3]`],
  [move, "inventoryBalances: { into", 1, `${spec} writes.inventoryBalances`],
  [move, "NegativeStock: {", 1, `${spec} errors.NegativeStock`],
  [move, 'action: "inventory.moved"', 1, `${spec} audit.action`],
  [move, "key: ({ state: { source } })", 1, `${spec} events.InventoryMoved.key`],
  [move, "sku: ({ command }) => command.sku,", 3, `${spec} events.InventoryMoved.payload.sku`],
  [move, "delaySeconds: 30", 1, `${spec} jobs.ReplenishLocation.delay`],
  [move, "lockOrder:", 1, "usecase.config.yaml lockOrder"],
  [move, "tenant: ({ actor })", 1, "usecase.config.yaml tenant"],
  ["move-inventory/move-inventory.validator.gen.ts", "export const", 1, `${spec} command`],
  ["move-inventory/move-inventory.handler.ts", "apply(", 1, `${spec} `],
  ["ship-order/ship-order.gen.ts", "OrderNotFound: {", 1, "specs/orders.shared.yaml errors.OrderNotFound"],
  ["types.gen.ts", "readonly quantity", 1, "specs/orders.shared.yaml types.OrderLineInput.fields.quantity"],
  ["index.gen.ts", "payOrderHandler as payOrder", 1, "specs/pay-order.usecase.yaml "],
  ["repositories/orders.gen.ts", "export const ordersRepository", 1, "generated-example/src/db/schema.ts orders"],
])("%s: %s (%i) comes from %s", (file, text, nth, place) => {
  expect(placeOf(file, text, nth)).toBe(place);
});

test("every line of every generated file but the index's frame comes from somewhere", () => {
  const files = readdirSync(join(root, out), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const lost = files.flatMap((file) => {
    const path = `${out}/${file}`;
    const source = read(path);
    return source.split("\n").flatMap((_, index) => (specPlaceOf(loaded.project, path, source, index + 1) === undefined ? [file] : []));
  });
  expect(files.length).toBeGreaterThan(20);
  expect(new Set(lost)).toEqual(new Set(["index.gen.ts"]));
  expect(specPlaceOf(loaded.project, "generated-example/src/main.ts", "", 1)).toBeUndefined();
});

describe("enclosing names", () => {
  const code = ["const definition = {", "  list: [", "    { a: 1 },", "    {", "      b: 2,", "    },", "  ],", "};", ""];
  test.each([
    [1, ["definition"]],
    [3, ["definition", "list", 0]],
    [5, ["definition", "list", 1, "b"]],
    [6, ["definition", "list", 1]],
    [7, ["definition", "list"]],
    [8, ["definition"]],
  ])("of line %i are %j", (line, names) => {
    expect(enclosingNames(code, line)).toEqual(names);
  });
});
