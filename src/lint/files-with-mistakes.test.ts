// Every error of a file in one run: beside a mistake of syntax or structure, whatever is sound is checked, and what a
// mistake makes of the rest is no finding of its own.
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { openCache, rememberingCache } from "../spec/cache/cache-store.js";
import { lintProject } from "./lint-project.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const file = "specs/move-inventory.usecase.yaml";
const sound = readFileSync(join(root, file), "utf8");
const folder = join(root, `.tmp/mistakes-${process.pid}`);
const cache = rememberingCache(openCache(folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Edit = readonly [from: string, to: string];

function edited(...edits: readonly Edit[]): string {
  return edits.reduce((text, [from, to]) => {
    expect(text).toContain(from);
    return text.replace(from, to);
  }, sound);
}

/** Of each finding its rule and its line. */
async function found(text: string): Promise<readonly string[]> {
  const { findings } = await lintProject({ cwd: root, cache, texts: new Map([[file, text]]) });
  const lines = text.split("\n");
  return findings.map(({ ruleId, line, file: of, message }) => `${ruleId} ${of === file ? lines[line - 1] : of} (${message})`);
}

/** A finding as the mark (a rule and a part of its line) that it fits; else as it is. */
function marked(marks: readonly string[]): (finding: string) => string {
  return (finding) =>
    marks.find((mark) => {
      const [rule = "", ...part] = mark.split(" ");
      return finding.startsWith(`${rule} `) && finding.includes(part.join(" "));
    }) ?? finding;
}

/** Mistakes that spoil the structure, each with where it is told. */
const mistakes: readonly (readonly [name: string, edit: Edit, told: string, hides?: readonly string[]])[] = [
  [
    "an unknown key",
    ["    lock: no key update\n    missing: BalanceNotFound\n  dest", "    lok: no key update\n    missing: BalanceNotFound\n  dest"],
    "spec/schema lok: no key update",
  ],
  ["a wrong value", ["lock: no key update", "lock: exclusive"], "spec/schema lock: exclusive"],
  ["a load without table", ["  destination:\n    table: inventoryBalances\n", "  destination:\n"], "spec/schema destination:"],
  [
    "a load that is a list",
    [
      "  destination:\n    table: inventoryBalances\n    where: { sku: command.sku, locationId: command.toLocationId }\n    lock: no key update\n    missing: BalanceNotFound\n",
      "  destination: [1]\n",
    ],
    "spec/schema destination: [1]",
  ],
  ["a misspelt section", ["policies:", "polices:"], "spec/schema polices:"],
  ["a misspelt command", ["command:\n", "comand:\n"], "spec/schema comand:", ["reorderPont", ": uid", "skuu:"]],
  ["a misspelt state", ["state:\n", "stat:\n"], "spec/schema stat:", ["reorderPont", "skuu:"]],
  ["a misspelt errors", ["errors:\n", "erors:\n"], "spec/schema erors:"],
  [
    "a field of no type",
    ["  quantity: { type: integer, minimum: 1, maximum: 1000000 }", "  quantity: 17"],
    "spec/schema quantity: 17",
    ["reorderPont"],
  ],
  ["a name that is none", ["  sku: Sku", "  the-sku: Sku"], "spec/name the-sku: Sku", ["reorderPont", "skuu:"]],
  ["a wrong error kind", ["kind: not-found", "kind: missing"], "spec/schema kind: missing"],
  ["a policy of two kinds", ["  - check: withinMovingHours\n", "  - check: withinMovingHours\n    wen: now\n"], "spec/schema wen: now"],
  ["a policy that is text", ["  - permission: inventory.move\n", "  - inventory.move\n"], "spec/schema - inventory.move"],
  [
    "a key written twice",
    ["    missing: BalanceNotFound\n  dest", "    missing: BalanceNotFound\n    missing: SameLocation\n  dest"],
    "spec/syntax missing: SameLocation",
  ],
  ["a tag", ["key: source.id", "key: !has(source.id)"], "spec/syntax key: !has(source.id)"],
  [
    "an unquoted conditional",
    ["  - rule: command.fromLocationId != command.toLocationId", "  - rule: command.quantity > 1 ? true : false"],
    "spec/syntax true : false",
  ],
  [
    "an open quote",
    ["message: Source and destination are the same location. }", 'message: "Source and destination }'],
    'spec/syntax "Source and destination }',
  ],
  [
    "an open brace",
    [
      "    where: { sku: command.sku, locationId: command.toLocationId }",
      "    where: { sku: command.sku, locationId: command.toLocationId",
    ],
    "spec/syntax lock: no key update",
  ],
  [
    "a wrong indentation",
    ["    lock: no key update\n    missing: BalanceNotFound\n  dest", "   lock: no key update\n    missing: BalanceNotFound\n  dest"],
    "spec/syntax lock: no key update",
  ],
  ["a tab", ["    delay: 30s", "\tdelay: 30s"], "spec/syntax delay: 30s"],
  ["a line that is no entry", ["    maxAttempts: 8", "    maxAttempts 8"], "spec/syntax maxAttempts 8"],
  ["two values on a line", ["  reason: required", "  reason: required: yes"], "spec/syntax required: yes"],
  [
    "an alias of nothing",
    ["  subject: { type: InventoryBalance, id: source.id }", "  subject: { type: InventoryBalance, id: *source }"],
    "spec/syntax *source",
  ],
  ["no summary", ["summary: Move stock of one SKU from one location to another.\n", ""], "spec/schema usecase: MoveInventory"],
  [
    "a result that is missing",
    ["result:\n  movementId: uuid\n  sourceQuantity: integer\n  destinationQuantity: integer\n", ""],
    "spec/schema usecase: MoveInventory",
  ],
];

/** Mistakes of reference, in entries that stand by themselves, and what marks them in their findings. */
const references: Readonly<Record<string, Edit>> = {
  "spec/unknown-reference inventoryMovement:": ["  inventoryMovements: [insert]", "  inventoryMovement: [insert]"],
  "spec/unknown-reference skuu:": [
    "    where: { sku: command.sku, locationId: command.fromLocationId }",
    "    where: { skuu: command.sku, locationId: command.fromLocationId }",
  ],
  "spec/unknown-reference : uid": ["  toLocationId: uuid", "  toLocationId: uid"],
  "expression/type reorderPont": [
    "    when: source.quantity - command.quantity < source.reorderPoint",
    "    when: source.quantity - command.quantity < source.reorderPont",
  ],
  "write/unknown-column quantty": ["inventoryBalances: { update: [quantity] }", "inventoryBalances: { update: [quantty] }"],
};

test("the sample itself is sound", async () => {
  expect(await found(sound)).toEqual([]);
});

describe.each(mistakes.map(([name, ...rest]) => ({ name, rest })))("$name", ({ rest: [edit, told, hides = []] }) => {
  test("is one finding", async () => {
    expect((await found(edited(edit))).map(marked([told]))).toEqual([told]);
  });

  test("hides nothing that does not depend on it", async () => {
    const others = Object.keys(references).filter((mark) => !hides.some((hidden) => mark.endsWith(hidden)));
    const text = edited(edit, ...others.map((mark) => references[mark] as Edit));
    expect((await found(text)).map(marked([told, ...others])).toSorted()).toEqual([told, ...others].toSorted());
  });
});
