// More than the rules' own examples show: the other things that they find, and what looks alike and is none.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test, vi } from "vitest";
import { loadProject } from "../spec/load-project.js";
import { exampleFiles } from "./example-project.js";
import { lint } from "./lint.js";
import type { RuleExample } from "./rule.js";

// The schema is read as ever, but once per text: nearly every example has the same one.
vi.mock("../spec/drizzle-schema.js", async (importOriginal) => {
  const original = await importOriginal<typeof import("../spec/drizzle-schema.js")>();
  const readings = new Map<string, ReturnType<typeof original.readDatabaseSchema>>();
  return {
    ...original,
    readDatabaseSchema(root: string, modules: readonly string[]) {
      const key = modules.map((module) => readFileSync(join(root, module), "utf8")).join("\0");
      const reading = readings.get(key) ?? original.readDatabaseSchema(root, modules);
      readings.set(key, reading);
      return reading;
    },
  };
});

// Inside the repository, so that the example's schema finds drizzle-orm.
const folder = fileURLToPath(new URL(`../../.tmp/rule-cases-${process.pid}`, import.meta.url));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
async function found(example: RuleExample, migration?: string): Promise<readonly string[]> {
  const cwd = join(folder, `${count++}`);
  const files = new Map(exampleFiles(example));
  if (migration !== undefined) files.set("drizzle/0000_by_hand.sql", migration);
  for (const [file, text] of files) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  }
  const findings = lint(await loadProject({ cwd }));
  return findings.map(({ line, ruleId, message }) => `${line} ${ruleId} ${message}`);
}

const config = (text: string) => ({ "usecase.config.yaml": `schema: schema.ts\n${text}` });
const tenant = config("tenant: { column: tenantId, value: actor.tenantId }\n");
const load = (text: string) => `state:\n  order: { table: orders, where: { id: command.orderId }, lock: no key update }\n  ${text}\n`;
const machine = (states: string) => ({
  "order.machine.yaml": `machine: Order\ntable: orders\nfield: status\ninitial: draft\nstates:\n${states}`,
});
const useCase = (name: string, more: string) => ({
  [`${name.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase()}.usecase.yaml`]: `usecase: ${name}
summary: Do what ${name} does.
command: { orderId: uuid }
idempotency: { key: caller }
state: { order: { table: orders, where: { id: command.orderId }, lock: no key update } }
policies: [{ permission: orders.change }]
result: {}
audit: { subject: { type: Order, id: order.id } }
${more}`,
});
/** A schema whose states are texts that a check lists. */
const checkedStates = (...states: readonly string[]) => ({
  ...config("lint: { rules: { write/unmapped-constraint: off, command/unused: off, spec/key-order: off } }\n"),
  "schema.ts": `
import { check, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { sql } from "drizzle-orm";
export const orders = pgTable("orders", { id: uuid().primaryKey(), status: text().notNull() }, (t) => [
  check("orders_status_check", sql\`\${t.status} in (${states.map((state) => `'${state}'`).join(", ")})\`),
]);
`,
});

test.concurrent.each<readonly [string, RuleExample, readonly string[]]>([
  // ---------------------------------------------------------------------------------------------------- prepare
  [
    "preparations whose errors are not declared, or need what a failure cannot give; secrets that get out",
    {
      spec: `prepare:
  quote: { fields: { due: decimal, code: { type: string, secret: true } }, error: Unavailable }
  rating: { fields: { stars: integer }, error: NoRatin }
  stock: { fields: { left: integer }, error: Late }
policies:
  - rule: prepare.quote.du != '' && prepare.rating.stars > 3 && prepare.stock.left > 0
result: { code: { from: prepare.quote.code } }
errors: { NoRating: conflict, Late: { kind: conflict, details: { by: timestamp } } }
`,
    },
    [
      '3 spec/unknown-reference There is no error "NoRatin".',
      "4 policy/details A preparation that fails cannot give the details that Late requires.",
      "6 expression/type The prepared `quote` has no field `du`.",
      "7 secret/leak prepare.quote.code is secret and must not be in a result that is not secret itself.",
    ],
  ],
  // ------------------------------------------------------------------------------------------------------ state
  [
    "aggregates of what can be counted, added and compared",
    {
      spec: load(
        "totals: { table: orderLines, where: { orderId: order.id }, aggregate: { n: count, s: { count: sku }, a: { avg: quantity }, m: { max: sku } } }",
      ),
    },
    [],
  ],
  [
    "the largest of what has no order, and the mean of a text",
    {
      spec: load("totals: { table: orderLines, where: { orderId: order.id }, aggregate: { m: { max: orderId }, a: { avg: sku } } }"),
    },
    [
      "3 state/aggregate-type Column orderLines.orderId is uuid: its values have no order.",
      "3 state/aggregate-type Column orderLines.sku is text: only numbers have a mean.",
    ],
  ],
  [
    "an aggregate with what is about rows",
    {
      spec: load(
        "totals: { table: orderLines, where: { orderId: order.id }, aggregate: { n: count }, lock: no key update, keyBy: id, columns: [id] }",
      ),
    },
    [
      "3 state/aggregate-type An aggregate has no rows: there is nothing to lock.",
      "3 state/aggregate-type `keyBy` is about rows, and an aggregate has none.",
      "3 state/aggregate-type `columns` is about rows, and an aggregate has none.",
    ],
  ],
  [
    "a column that is not there has no index: one mistake, one finding",
    {
      spec: load('lines: { table: orderLines, where: { orderID: order.id, quantity: { gt: "3" } }, cardinality: many, limit: 9 }'),
    },
    ['3 spec/unknown-reference Table orderLines has no column "orderID".'],
  ],
  // -------------------------------------------------------------------------------------------------- transitions
  [
    "a state that a check refuses",
    { spec: "state: {}\nwrites: { orders: [insert] }\n", files: checkedStates("draft", "paid", "shiped") },
    ['9 transition/state-values Column orders.status has no value "shipped".'],
  ],
  [
    "a state that a check also lets be",
    { spec: "state: {}\nwrites: { orders: [insert] }\n", files: checkedStates("draft", "paid", "shipped", "lost") },
    ['6 transition/state-values Column orders.status also has "lost" by orders_status_check, which machine Order does not know.'],
  ],
  // ----------------------------------------------------------------------------------------------------- errors
  [
    "one error with two kinds",
    {
      spec: "policies:\n  - rule: order.note == null\n    error: Gone\nerrors:\n  Gone: { kind: gone }\n",
      files: useCase(
        "CloseOrder",
        "writes: { orders: { update: [shippedAt] } }\nerrors: { Gone: { kind: conflict, constraint: orders_total_check } }\n",
      ),
    },
    ["5 error/duplicate Gone is gone here, and conflict in CloseOrder."],
  ],
  [
    "one error with two lists of details",
    {
      spec: "policies:\n  - rule: order.note == null\n    error: Gone\n    with: { at: order.id }\nerrors:\n  Gone: { kind: gone, details: { at: uuid } }\n",
      files: useCase(
        "CloseOrder",
        "writes: { orders: { update: [shippedAt] } }\nerrors: { Gone: { kind: gone, constraint: orders_total_check } }\n",
      ),
    },
    ["6 error/duplicate Gone has other details here than in CloseOrder: at."],
  ],
  [
    "one error with two messages, and a shared one in two use cases",
    {
      spec: "policies:\n  - rule: order.note == null\n    error: Gone\nerrors:\n  - Gone: { kind: gone, message: Too late. }\n  - Low\n",
      files: {
        ...useCase(
          "CloseOrder",
          "writes: { orders: { update: [shippedAt] } }\nerrors: [Low, { Gone: { kind: gone, message: Left., constraint: orders_customer_id_customers_id_fk } }]\n",
        ),
        "a.shared.yaml": "errors: { Low: { kind: conflict, constraint: orders_total_check } }\n",
      },
    },
    [],
  ],
  // --------------------------------------------------------------------------------------------------- policies
  [
    "a permission about a row, after a rule about it",
    { spec: "policies:\n  - rule: order.note == null\n  - permission: orders.ship\n    resource: order\n" },
    ["3 policy/order Permission orders.ship is asked after a rule has already answered."],
  ],
  [
    "permissions in the order in which they run",
    {
      spec: "policies:\n  - permission: a.b\n  - permission: a.c\n    resource: order\n  - permission: a.d\n    when: order.note == null\n  - rule: order.note == null\n",
    },
    [],
  ],
  [
    "the same rule under two conditions",
    {
      spec: 'command:\n  orderId: uuid\n  fast: boolean\npolicies:\n  - rule: order.note == null\n    when: command.fast\n  - rule: order.note == null\n    when: "!command.fast"\n',
    },
    [],
  ],
  // -------------------------------------------------------------------------------------------------- transitions
  [
    "two events one after the other",
    {
      spec: "command:\n  orderId: uuid\n  fast: boolean\ntransitions:\n  - { state: order, machine: Order, event: pay, when: command.fast }\n  - { state: order, machine: Order, event: ship, when: order.note == null }\n",
      files: machine("  draft: { on: { pay: paid } }\n  paid: { on: { ship: shipped } }\n  shipped: { type: final }\n"),
    },
    [],
  ],
  ...(
    [
      ["order.note == 'x'", "order.note != 'x'", true],
      ["order.placedAt < now", "order.placedAt >= now", true],
      ["order.note == null", "order.note != null", true],
      ["command.kind == 'a'", "command.kind == 'b'", true],
      ["command.kind == 'a' && order.note == null", "(order.note != null) && command.kind == 'a'", true],
      ["!(command.kind == 'a' || order.note == null)", "command.kind == 'a' || order.note == null", true],
      ["order.placedAt < now", "order.placedAt <= now", false],
      ["command.kind != 'a'", "command.kind != 'b'", false],
      ["command.kind != 'a'", "command.kind != 'a'", false],
      ["command.kind == 'a' || order.note == null", "order.note != null", false],
    ] as const
  ).map(
    ([first, second, excluded]) =>
      [
        `events when ${first}, and when ${second}`,
        {
          spec: `command:\n  orderId: uuid\n  kind: { enum: [a, b, c] }\ntransitions:\n  - { state: order, machine: Order, event: pay, when: "${first}" }\n  - { state: order, machine: Order, event: drop, when: "${second}" }\n`,
          files: machine("  draft: { on: { pay: paid, drop: shipped } }\n  paid: { type: final }\n  shipped: { type: final }\n"),
        },
        excluded ? [] : ["6 transition/overlap pay and drop may both be due: neither condition rules the other out."],
      ] as const,
  ),
  // ------------------------------------------------------------------------------------------------------ writes
  [
    "an increment of what may be NULL",
    {
      spec: "writes:\n  counters: { increment: [hits, likes] }\n",
      files: {
        "schema.ts": `import { integer, pgEnum, pgTable, uuid, timestamp } from "drizzle-orm/pg-core";
export const status = pgEnum("status", ["draft", "paid", "shipped"]);
export const orders = pgTable("orders", { id: uuid().primaryKey(), status: status().notNull(), shippedAt: timestamp() });
export const customers = pgTable("customers", { id: uuid().primaryKey(), apiKey: uuid() });
export const counters = pgTable("counters", { id: uuid().primaryKey(), hits: integer().notNull(), likes: integer() });
`,
      },
    },
    ["2 write/increment-type Column counters.likes may be NULL, and NULL plus a number stays NULL."],
  ],
  ["a check on columns that are not written", { spec: "writes:\n  orders: { update: [note] }\n" }, []],
  [
    "a check on a column that is",
    { spec: "writes:\n  orders: { update: [total] }\n" },
    ["2 write/unmapped-constraint No error says what a violation of orders_total_check means."],
  ],
  [
    "an upsert by the very columns that are unique",
    { spec: "writes:\n  customers: { upsert: { key: [id], update: [apiKey] } }\n" },
    ["2 write/unmapped-constraint No error says what a violation of customers_email_unique means."],
  ],
  // ----------------------------------------------------------------------------------------------------- commands
  [
    "texts and integers for columns that hold less",
    {
      spec: `command:
  orderId: uuid
  label: { type: string, maxLength: 41 }
  code: { enum: [a, b] }
  rank: { type: integer, minimum: 0, maximum: 40000 }
  big: integer
  note: string
writes:
  parcels: [insert]
`,
      files: {
        "schema.ts": `import { bigint, pgEnum, pgTable, smallint, text, timestamp, uuid, varchar } from "drizzle-orm/pg-core";
export const status = pgEnum("status", ["draft", "paid", "shipped"]);
export const orders = pgTable("orders", { id: uuid().primaryKey(), status: status().notNull(), shippedAt: timestamp() });
export const customers = pgTable("customers", { id: uuid().primaryKey(), apiKey: uuid() });
export const parcels = pgTable("parcels", {
  id: uuid().primaryKey(), label: varchar({ length: 40 }), code: varchar({ length: 4 }), rank: smallint(), big: bigint({ mode: "number" }), note: text(),
});
`,
      },
    },
    [
      "3 command/unbounded label may be larger than parcels.label, which is varchar(40).",
      "5 command/unbounded rank may be larger than parcels.rank, which is smallint.",
    ],
  ],
  [
    "an integer that a condition compares, in a list of objects",
    {
      spec: `command:
  orderId: uuid
  lines: { items: { fields: { amount: integer } }, maxItems: 9 }
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
  found: { table: orderLines, where: { orderId: order.id, quantity: { in: "command.lines.map(l, l.amount)" } }, cardinality: many, limit: 5 }
`,
    },
    ["3 command/unbounded amount may be larger than orderLines.quantity, which is integer."],
  ],
  // -------------------------------------------------------------------------------------------------- idempotency
  [
    "a key that is the same for all",
    { spec: "idempotency:\n  key: \"'one'\"\n" },
    ["2 idempotency/unstable-key This key is the same for every call: the second caller would get the first one's result."],
  ],
  [
    "a nonce in a fingerprint",
    {
      spec: "command:\n  orderId: uuid\n  nonce: { type: string, maxLength: 9 }\nidempotency:\n  key: caller\n  fingerprint: command.nonce\n",
    },
    ["6 idempotency/unstable-key nonce differs with each attempt: a repeated call would not be recognised."],
  ],
  [
    "a moment that is part of the wish",
    { spec: "command:\n  orderId: uuid\n  startsAt: timestamp\nidempotency:\n  key: command.startsAt\n" },
    [],
  ],
  // -------------------------------------------------------------------------------------------------------- audit
  [
    "an audit that has no subject",
    { spec: "audit:\n  action: order.shipped\n  reason: none\n" },
    ["1 audit/subject The audit of ShipOrder has no subject."],
  ],
  [
    "names around secrets that are none, and secrets that are marked",
    {
      spec: `command:
  orderId: uuid
  passwordResetAt: timestamp
  tokenId: uuid
  maxTokens: { type: integer, minimum: 0, maximum: 9 }
  pinned: boolean
  card: { fields: { number: { type: string, maxLength: 19 } }, secret: true }
  cardNumber: { type: string, maxLength: 19, secret: true }
`,
    },
    [],
  ],
  [
    "a secret's name inside an object, and in the result",
    {
      spec: "command:\n  orderId: uuid\n  login: { fields: { password: { type: string, maxLength: 99 } } }\nresult:\n  resetToken: string\n",
    },
    [
      "3 audit/sensitive password is called like a secret, but the audit and the logs will show it.",
      "5 audit/sensitive resetToken is called like a secret, but it is stored with the outcome, for replays.",
    ],
  ],
  [
    "a secret's name behind a ring of shared types, told once; and a ring without one",
    {
      spec: "command: { orderId: uuid, from: Login, also: Login, size: Plain }\n",
      files: {
        "all.shared.yaml": `types:
  Login: { fields: { next?: Other } }
  Other: { fields: { logins: { items: Alias, maxItems: 9 }, pin: { type: string, maxLength: 9 } } }
  Alias: { type: Login, nullable: true }
  Plain: { fields: { width: integer, next?: Plain } }
`,
      },
    },
    ["3 audit/sensitive pin is called like a secret, but the audit, the logs or stored outcomes will show it."],
  ],
  [
    "a column called like a secret in a table that is written",
    {
      spec: "writes:\n  customers: { update: [apiKey] }\nstate:\n  customer: { table: customers, where: { id: command.orderId }, lock: no key update }\n",
      files: config(""),
    },
    ["2 audit/sensitive customers.apiKey is called like a secret, and the audit shows what changes there."],
  ],
  // --------------------------------------------------------------------------------------- messages and triggers
  [
    "one event of two versions",
    {
      spec: "events:\n  OrderShipped: { version: 2, key: order.id, payload: { orderId: { from: order.id }, total: { from: order.total } } }\n",
      files: useCase("CloseOrder", "events: { OrderShipped: { version: 1, key: order.id, payload: { orderId: { from: order.id } } } }\n"),
    },
    [],
  ],
  [
    "one event, once inferred and once written",
    {
      spec: "events:\n  OrderShipped: { key: order.id, payload: { orderId: uuid } }\n",
      files: useCase("CloseOrder", "events: { OrderShipped: { key: order.id, payload: { orderId: { from: order.id } } } }\n"),
    },
    [],
  ],
  [
    "an event of another version, a schedule that never comes, a command that lacks a field and has another",
    {
      spec: `triggers:
  - { event: OrderClosed, version: 2 }
  - { schedule: "61 * * * *", command: { orderId: event.payload.x } }
  - { event: OrderClosed, command: {} }
  - { event: OrderClosed, command: { ordrId: event.payload.orderId } }
  - { event: OrderClosed, command: { orderId: event.payload.total } }
`,
      files: useCase(
        "CloseOrder",
        "events: { OrderClosed: { key: order.id, payload: { id: { from: order.id }, orderId: { from: order.id }, total: { from: order.total } } } }\n",
      ),
    },
    [
      "2 trigger/shape No use case sends version 2 of OrderClosed.",
      '3 trigger/shape The minute is from 0 to 59, not "61".',
      "3 expression/type `event` is known in triggers by an event only.",
      "4 trigger/shape Its payload is not a command of ShipOrder: id, total.",
      "5 trigger/shape Another trigger of ShipOrder is the same: a repeated call could not be told from a second one.",
      '5 trigger/shape The command of ShipOrder has no field "ordrId".',
      "6 trigger/shape Another trigger of ShipOrder is the same: a repeated call could not be told from a second one.",
      "6 expression/type Expected a uuid, found a decimal.",
    ],
  ],
  [
    "schedules that no relay could run, the same trigger twice, an ignored error that is not there; a payload may leave out a default",
    {
      spec: `command: { orderId: uuid, batch: { type: integer, default: 1 } }
triggers:
  - { event: OrderClosed }
  - { schedule: "0 0 31 2,4 *", command: { orderId: "'00000000-0000-4000-8000-000000000000'" } }
  - { schedule: "5/10 * * * *", command: { orderId: "'00000000-0000-4000-8000-000000000000'" } }
  - { schedule: "0 3 31 * *", timeZone: Europe/Berln, command: { orderId: event.payload.orderId } }
  - { event: OrderClosed, ignore: [OrderNotFund], command: { orderId: event.payload.orderId } }
errors: { OrderNotFound: not-found }
`,
      files: useCase("CloseOrder", "events: { OrderClosed: { key: order.id, payload: { orderId: { from: order.id } } } }\n"),
    },
    [
      '4 trigger/shape "0 0 31 2,4 *" never comes: no such month has that day.',
      '5 trigger/shape "5/10" has a step and no range: write "*/10" or "5-59/10".',
      '6 trigger/shape There is no time zone "Europe/Berln".',
      "6 expression/type `event` is known in triggers by an event only.",
      "7 trigger/shape Another trigger of ShipOrder is the same: a repeated call could not be told from a second one.",
      '7 trigger/shape Error "OrderNotFund" is not declared.',
    ],
  ],
  [
    "a trigger of a use case that wants a reason",
    {
      spec: "audit:\n  subject: { type: Order, id: order.id }\n  reason: required\ntriggers:\n  - { event: OrderClosed }\n",
      files: useCase("CloseOrder", "events: { OrderClosed: { key: order.id, payload: { orderId: { from: order.id } } } }\n"),
    },
    ["5 trigger/shape ShipOrder requires a reason, which a trigger cannot give."],
  ],
  [
    "a circle of an event and a job",
    {
      spec: "events:\n  OrderShipped: { key: order.id, payload: { orderId: { from: order.id } } }\ntriggers:\n  - { job: ShipIt }\n",
      files: useCase("CloseOrder", "jobs: { ShipIt: { payload: { orderId: { from: order.id } } } }\ntriggers: [{ event: OrderShipped }]\n"),
    },
    ["9 flow/cycle This never ends: CloseOrder → ShipIt → ShipOrder → OrderShipped → CloseOrder."],
  ],
  // ------------------------------------------------------------------------------------------------------ tenant
  [
    "a tenant's column that no text equals",
    {
      spec: "state:\n  line: { table: orderLines, where: { id: command.orderId }, lock: no key update }\nwrites: { orderLines: { update: [sku] } }\n",
      files: config("tenant: { column: quantity, value: actor.tenantId }\n"),
    },
    ["2 tenant/missing orderLines.quantity is integer, and the caller's tenant is a text: they cannot be equal."],
  ],
  [
    "a caller who chooses the tenant",
    {
      spec: "tenant: none\ncommand:\n  orderId: uuid\n  tenantId: { type: string, maxLength: 40 }\nstate:\n  note: { table: notes, where: { id: command.orderId, tenantId: command.tenantId }, lock: no key update }\nwrites: { notes: { update: [body] } }\n",
      files: tenant,
    },
    ["6 tenant/unbound The caller chooses the tenant whose notes are read."],
  ],
  // -------------------------------------------------------------------------------------------------- transaction
  [
    "serializable for a query",
    {
      spec: "state:\n  order: { table: orders, where: { id: command.orderId } }\nwrites: {}\nresult: { total: { from: order.total } }\ntransaction: { isolation: serializable }\n",
      without: ["writes", "idempotency"],
    },
    ["5 transaction/isolation ShipOrder only reads, and reads one snapshot in any case: `serializable` adds nothing."],
  ],
  [
    "serializable that is never tried again",
    {
      spec: `${load("others: { table: orders, where: { customerId: order.customerId }, cardinality: many, limit: 9 }")}policies:\n  - permission: a.b\n  - rule: size(others) < 9\ntransaction: { isolation: serializable, retries: 0 }\n`,
    },
    ["7 transaction/isolation `serializable` refuses calls that conflict, and `retries: 0` runs none of them again."],
  ],
  [
    "timeouts of the configuration, once",
    { files: config("transaction: { lockTimeout: 9s, statementTimeout: 5s }\n") },
    ["2 transaction/timeout-order A lock is waited for 9000 ms, but a statement ends after 5000 ms."],
  ],
  // ------------------------------------------------------------------------------------------------- names and docs
  [
    "names in other styles",
    {
      spec: "command:\n  orderId: uuid\n  Track_no: { type: string, maxLength: 9 }\nstate:\n  the_order: { table: orders, where: { id: command.orderId }, lock: no key update }\n",
    },
    ["3 naming/style Field Track_no is not in camelCase.", "5 naming/style Load the_order is not in camelCase."],
  ],
  ...(
    [
      ["OrderCreation", false],
      ["OrderShip", false],
      ["ShippingOrder", false],
      ["OrderStock", true],
      ["Checkout", true],
      ["CancelSubscription", true],
      ["ProrateInvoice", true],
      ["OnboardCustomer", true],
    ] as const
  ).map(
    ([name, good]) =>
      [
        `a use case called ${name}`,
        { spec: `usecase: ${name}\n` },
        good ? [] : [`1 naming/style ${name} does not begin with what it does.`],
      ] as const,
  ),
  ...(["OrderPaid", "StockReservedForOrder", "EmailSent", "PlanUpgraded", "SeatTaken"] as const).map(
    (name) => [`an event called ${name}`, { spec: `events:\n  ${name}: { key: order.id, payload: {} }\n` }, []] as const,
  ),
  [
    "events called otherwise",
    { spec: "events:\n  NeedFeed: { key: order.id, payload: {} }\n  OrderUpdate: { key: order.id, payload: {} }\n" },
    [
      "2 naming/style Event NeedFeed is not in the past tense: an event says what has happened.",
      "3 naming/style Event OrderUpdate is not in the past tense: an event says what has happened.",
    ],
  ],
  [
    "two use cases of one summary",
    { spec: "summary: Do what CloseOrder does\n", files: useCase("CloseOrder", "jobs: { A: { payload: {} } }\n") },
    ["1 docs/summary ShipOrder and CloseOrder have the same summary."],
  ],
])("%s", async (_, example, expected) => {
  expect(await found(example)).toEqual(expected);
});

test("an exclusion constraint is known from the migrations", async () => {
  const migration = 'ALTER TABLE "orders" ADD CONSTRAINT "orders_no_overlap" EXCLUDE USING gist (customer_id WITH =, placed_at WITH &&);';
  const spec = "writes:\n  orders: { update: [placedAt] }\n";
  const message = "2 write/unmapped-constraint No error says what a violation of orders_no_overlap means.";
  expect(await found({ spec }, migration)).toEqual([message]);
  const mapped = "errors:\n  Overlaps: { kind: conflict, constraint: orders_no_overlap }\n";
  expect(await found({ spec: spec + mapped }, migration)).toEqual([]);
  expect(await found({ spec: spec + mapped }, `${migration}\nALTER TABLE "orders" DROP CONSTRAINT "orders_no_overlap";`)).toEqual([
    '4 error/unknown-constraint Neither the schema nor a migration has a constraint "orders_no_overlap".',
  ]);
});
