import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { type CacheStore, openCache, rememberingCache } from "../spec/cache/cache-store.js";
import { loadProject } from "../spec/load-project.js";
import { lintLoaded, lintProject } from "./lint-project.js";

// Inside the repository, so that the schema finds drizzle-orm.
const cwd = fileURLToPath(new URL(`../../.tmp/check-project-${process.pid}`, import.meta.url));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const useCase = (name: string, more: string) => `\
usecase: ${name}
summary: Do what ${name} says.
command: { orderId: uuid, customerId: uuid }
idempotency: { key: caller }
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update, missing: Missing }
  customer: { table: customers, where: { id: command.customerId }, lock: no key update, missing: Missing }
policies: [{ permission: orders.change }, { rule: order.total > 0, error: Empty }]
writes: { orders: { update: [total] } }
result: { done: { type: timestamp, from: now } }
errors: [Missing, Empty]
audit: { subject: { type: Order, id: order.id } }
${more}`;

const files: Readonly<Record<string, string>> = {
  "usecase.config.yaml": "schema: schema.ts\nlint:\n  rules:\n    docs/summary: warning\n",
  "schema.ts": `\
import { integer, pgTable, uuid } from "drizzle-orm/pg-core";
export const orders = pgTable("orders", { id: uuid().primaryKey(), total: integer().notNull() });
export const customers = pgTable("customers", { id: uuid().primaryKey(), total: integer().notNull() });
`,
  "specs/all.shared.yaml": "errors:\n  Missing: { kind: not-found }\n  Empty: { kind: conflict }\n",
  "specs/order.machine.yaml": `\
machine: Order
table: orders
field: total
initial: draft
states:
  draft: { on: { ship: shipped } }
  shipped: { type: final }
`,
  "specs/ship-order.usecase.yaml": useCase(
    "ShipOrder",
    "events:\n  OrderShipped: { version: 1, key: order.id, payload: { id: { from: order.id }, total: { from: order.total } } }\n",
  ),
  "specs/bill-order.usecase.yaml": useCase(
    "BillOrder",
    `triggers:
  - { event: OrderShipped, version: 1, command: { orderId: event.payload.id, customerId: event.payload.id } }
events:
  OrderBilled: { version: 1, key: order.id, payload: { id: { from: order.id } } }
jobs:
  Remind: { payload: { id: { from: order.id } } }
`,
  ),
  "specs/remind-customer.usecase.yaml": useCase(
    "RemindCustomer",
    "triggers: [{ job: Remind, command: { orderId: job.payload.id, customerId: job.payload.id } }]\n",
  ),
  "src/usecases/ship-order/ship-order.handler.ts":
    "export const handler = { apply: ({ command, writes }) => writes.orders.update(command) };\n",
  "drizzle/0000_before_usecasecore.sql":
    'CREATE TABLE "orders" ("id" uuid, CONSTRAINT "orders_apart" EXCLUDE USING gist (total WITH =));\n',
};

/** Replacements in one file; each is also taken back. */
const edits: readonly (readonly [file: string, from: string, to: string])[] = [
  ["specs/ship-order.usecase.yaml", "order.total > 0", "order.totl > 0"],
  ["specs/ship-order.usecase.yaml", "total: { from: order.total }", "total: { from: customer.total, nullable: true }"],
  ["specs/ship-order.usecase.yaml", "payload: { id: { from: order.id }", "payload: { id: { from: order.total }"],
  ["specs/ship-order.usecase.yaml", "OrderShipped", "OrderSent"],
  ["specs/ship-order.usecase.yaml", "state:\n", "lockOrder: nonsense\nstate:\n"],
  ["specs/ship-order.usecase.yaml", "# nothing", "# more"],
  ["specs/ship-order.usecase.yaml", "usecase: ShipOrder", "# usecase-lint-disable-next-line docs/summary -- why not\nusecase: ShipOrder"],
  ["specs/bill-order.usecase.yaml", "events:\n  OrderBilled", "events:\n  OrderShipped"],
  ["specs/bill-order.usecase.yaml", "jobs:\n  Remind:", "jobs:\n  RemindOnce:"],
  [
    "specs/bill-order.usecase.yaml",
    "Remind: { payload: { id: { from: order.id } } }",
    "Remind: { payload: { id: { from: order.total } } }",
  ],
  ["specs/bill-order.usecase.yaml", "Do what BillOrder", "Do what ShipOrder"],
  ["specs/bill-order.usecase.yaml", "where: { id: command.customerId }", "where: { id: order.id }"],
  ["specs/remind-customer.usecase.yaml", "where: { id: command.orderId }", "where: { id: customer.id }"],
  ["specs/remind-customer.usecase.yaml", "[total] }", "[total, id] }"],
  // Beside changes of one spec alone, so that nothing else has all looked into again.
  ["src/usecases/ship-order/ship-order.handler.ts", "writes.orders", "writes.others"],
  ["drizzle/0000_before_usecasecore.sql", "total WITH", "place WITH"],
  ["specs/remind-customer.usecase.yaml", "usecase: RemindCustomer", "usecase: ShipOrder"],
  ["specs/remind-customer.usecase.yaml", "policies: [", "transitions: [{ state: order, machine: Order, event: shipp }]\npolicies: ["],
  ["specs/all.shared.yaml", "Empty", "Emptied"],
  ["specs/all.shared.yaml", "errors:\n", "# one line more\nerrors:\n"],
  ["specs/order.machine.yaml", "shipped }", "shiped }"],
  ["specs/order.machine.yaml", "machine: Order", "machine: Odrer"],
  ["usecase.config.yaml", "schema.ts\n", "schema.ts\ntenant: { column: total, value: actor.tenantId }\n"],
  ["usecase.config.yaml", "schema.ts\n", "schema.ts\nlockOrder: [customers, orders]\n"],
  ["usecase.config.yaml", "schema: schema.ts\n", "# one line more\nschema: schema.ts\n"],
  ["usecase.config.yaml", "docs/summary: warning", "docs/summary: off"],
  ["schema.ts", '"customers", { id: uuid().primaryKey()', '"customers", { id: uuid().primaryKey().references(() => orders.id)'],
  ["schema.ts", "total: integer().notNull()", "total: integer()"],
];

const path = (file: string) => join(cwd, file);

/** Remembers the schema alone: that one cost a process each. */
function schemaOnly(cache: CacheStore): CacheStore {
  return {
    read: (name) => (name === "schema" ? cache.read(name) : undefined),
    write: (name, content) => {
      if (name === "schema") cache.write(name, content);
    },
    journal: () => ({ get: () => undefined, put() {}, write() {} }),
  };
}

test("after any change, what is kept gives the findings that looking into everything gives", { timeout: 120_000 }, async () => {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(path(file)), { recursive: true });
    writeFileSync(path(file), text);
  }
  const schemas = schemaOnly(openCache(`${cwd}/other`));
  const remembering = rememberingCache(openCache(`${cwd}/remembering`));
  const seen = new Set<string>();
  const compare = async (after: string) => {
    const { findings } = await lintLoaded(await loadProject({ cwd, cache: schemas }), { cwd });
    for (const cache of [true, remembering]) expect((await lintProject({ cwd, cache })).findings, after).toEqual(findings);
    seen.add(JSON.stringify(findings));
  };
  await compare("the start");
  for (const [index, [file, from, to]] of edits.entries()) {
    const before = readFileSync(path(file), "utf8");
    // Each edit stands for a while, so that pairs of them are seen together.
    writeFileSync(path(file), before.includes(from) ? before.replace(from, to) : `${before}# ${index}\n`);
    const undone = edits[index - 2];
    if (undone !== undefined) writeFileSync(path(undone[0]), readFileSync(path(undone[0]), "utf8").replace(undone[2], undone[1]));
    await compare(`edit ${index}: ${to}`);
  }
  rmSync(path("specs/bill-order.usecase.yaml"));
  await compare("a file that is gone");
  // Most edits are seen in the findings: otherwise this would hold whatever is kept.
  expect(seen.size).toBeGreaterThan(edits.length * 0.8);
});
