import { kebabCase } from "../spec/names.js";
import type { RuleExample } from "./rule.js";

// The project around every rule's example. An example shows the parts that matter; the use case's other parts are these.

const config = "schema: schema.ts\nsecretColumns: { customers: [apiKey] }\n";

const schema = `
import { bigint, check, index, integer, numeric, pgEnum, pgTable, pgView, text, timestamp, uuid } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";

export const orderStatus = pgEnum("order_status", ["draft", "paid", "shipped"]);

export const customers = pgTable("customers", {
  id: uuid().primaryKey(),
  email: text().notNull().unique("customers_email_unique"),
  apiKey: text("api_key"),
});

export const orders = pgTable(
  "orders",
  {
    id: uuid().primaryKey(),
    customerId: uuid("customer_id").notNull().references(() => customers.id),
    status: orderStatus().notNull().default("draft"),
    total: numeric({ precision: 12, scale: 2 }).notNull(),
    note: text(),
    placedAt: timestamp("placed_at", { withTimezone: true }).notNull(),
    shippedAt: timestamp("shipped_at", { withTimezone: true }),
  },
  (table) => [check("orders_total_check", sql\`\${table.total} >= 0\`), index("orders_customer").on(table.customerId)],
);

export const orderLines = pgTable(
  "order_lines",
  {
    id: uuid().primaryKey(),
    orderId: uuid("order_id").notNull().references(() => orders.id),
    sku: text().notNull(),
    quantity: integer().notNull(),
  },
  (table) => [index("order_lines_order").on(table.orderId)],
);

export const favourites = pgTable(
  "favourites",
  {
    id: uuid().primaryKey(),
    customerId: uuid("customer_id").notNull().references(() => customers.id),
    sku: text().notNull(),
  },
  (table) => [index("favourites_customer").on(table.customerId)],
);

export const complaints = pgTable("complaints", {
  id: uuid().primaryKey(),
  customerId: uuid("customer_id").notNull().references(() => customers.id),
});

export const notes = pgTable("notes", {
  id: uuid().primaryKey(),
  tenantId: text("tenant_id").notNull(),
  body: text().notNull(),
});

export const journal = pgTable("journal", {
  id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
  body: text().notNull(),
});

export const importedRows = pgTable("imported_rows", {
  orderId: uuid("order_id").notNull(),
  body: text().notNull(),
});

export const orderTotals = pgView("order_totals").as((query) =>
  query.select({ orderId: orders.id, doubled: sql<string>\`\${orders.total} * 2\`.as("doubled") }).from(orders),
);
`;

const machine = `
machine: Order
table: orders
field: status
initial: draft
states:
  draft: { on: { pay: paid } }
  paid: { on: { ship: shipped } }
  shipped: { type: final }
`;

/** Takes the other event of the machine, where an example takes one. */
const payOrder = `
usecase: PayOrder
summary: Note that an order was paid.
command: { orderId: uuid }
idempotency: { key: caller }
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
policies: [{ permission: orders.pay }]
transitions: [{ state: order, machine: Order, event: pay }]
result: {}
audit: { subject: { type: Order, id: order.id } }
`;

const useCase: Readonly<Record<string, string>> = {
  usecase: "usecase: ShipOrder\n",
  summary: "summary: Ship an order.\n",
  command: "command:\n  orderId: uuid\n",
  idempotency: "idempotency: { key: caller }\n",
  state: "state:\n  order: { table: orders, where: { id: command.orderId }, lock: no key update }\n",
  policies: "policies:\n  - permission: orders.ship\n",
  writes: "writes:\n  orders: { update: [shippedAt] }\n",
  result: "result: {}\n",
  audit: "audit:\n  subject: { type: Caller, id: actor.id }\n  reason: none\n",
};

/** The file that an example's use case is in. */
export function exampleUseCaseFile({ spec = "" }: RuleExample): string {
  return `specs/${kebabCase(/^usecase: (\w+)/m.exec(spec)?.[1] ?? "ShipOrder")}.usecase.yaml`;
}

/** Every file of the project that an example stands for, by path; what is not about it is as small as it can be. */
export function exampleFiles(example: RuleExample): ReadonlyMap<string, string> {
  const { spec = "", without = [], files = {} } = example;
  const given = spec.trimStart();
  const missing = Object.entries(useCase).filter(([key]) => !without.includes(key) && !new RegExp(`^${key}:`, "m").test(given));
  const ownMachine = Object.keys(files).some((name) => name.endsWith(".machine.yaml"));
  return new Map([
    ["usecase.config.yaml", withoutOrder("usecase.config.yaml", config)],
    ["schema.ts", schema],
    ["specs/order.machine.yaml", machine],
    ...(/machine: Order\b/.test(given) && !ownMachine ? [["specs/pay-order.usecase.yaml", payOrder.trimStart()] as const] : []),
    [exampleUseCaseFile(example), `${given}${missing.map(([, text]) => text).join("")}`],
    ...Object.entries(files).map(
      ([name, text]) =>
        [/^usecase\.config\.|^schema\.|\//.test(name) ? name : `specs/${name}`, withoutOrder(name, text.trimStart())] as const,
    ),
  ]);
}

/** An example shows what matters first, whatever the order of keys: that is for the example to say whose rule it is. */
function withoutOrder(name: string, text: string): string {
  return name !== "usecase.config.yaml" || /^lint:/m.test(text) ? text : `${text}lint: { rules: { spec/key-order: off } }\n`;
}
