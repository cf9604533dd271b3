// Holds the folder of rules and the registry together, and runs every rule's own examples through the real loading.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test, vi } from "vitest";
import { loadProject } from "../spec/load-project.js";
import { camelCase } from "../spec/names.js";
import { exampleFiles } from "./example-project.js";
import { lint } from "./lint.js";
import { rules } from "./registry.js";
import type { RuleExample } from "./rule.js";

// The schema is read as ever, but once per text: nearly every example has the same one.
vi.mock("../spec/drizzle-schema.js", async (importOriginal) => {
  const original = await importOriginal<typeof import("../spec/drizzle-schema.js")>();
  const readings = new Map<string, ReturnType<typeof original.readDatabaseSchema>>();
  return {
    readDatabaseSchema(root: string, modules: readonly string[]) {
      const key = modules.map((module) => readFileSync(join(root, module), "utf8")).join("\0");
      const reading = readings.get(key) ?? original.readDatabaseSchema(root, modules);
      readings.set(key, reading);
      return reading;
    },
  };
});

// Inside the repository, so that the example's schema finds drizzle-orm.
const folder = fileURLToPath(new URL(`../../.tmp/rules-${process.pid}`, import.meta.url));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
async function findingsIn(example: RuleExample) {
  const cwd = join(folder, `${count++}`);
  for (const [file, text] of exampleFiles(example)) {
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), text);
  }
  return lint(await loadProject({ cwd }));
}

/** The lines that end in `# found here`, and those above a line `# found above`. */
function markedLines(example: RuleExample): readonly string[] {
  return [...exampleFiles(example)].flatMap(([file, text]) =>
    text.split("\n").flatMap((line, index) => {
      if (/(#|\/\/) found here$/.test(line)) return [`${file}:${index + 1}`];
      return /^\s*# found above$/.test(line) ? [`${file}:${index}`] : [];
    }),
  );
}

test("the registry has every file of the folder, in order", () => {
  const files = readdirSync(join(import.meta.dirname, "rules")).filter((name) => !name.endsWith(".test.ts"));
  expect(rules.map(({ id }) => `${id.replace("/", "-")}.ts`)).toEqual(files.toSorted());
});

test.each(rules.map((rule) => [rule.id, rule] as const))("%s is written as a rule", async (id, rule) => {
  const module: Readonly<Record<string, unknown>> = await import(`./rules/${id.replace("/", "-")}.ts`);
  expect(module[camelCase(id.replace("/", "-"))]).toBe(rule);
  expect(id).toMatch(/^[a-z]+\/[a-z-]+$/);
  expect(rule.summary).toMatch(/^[a-z].*[^.]$/);
  expect(rule.why).toMatch(/^[A-Z].*\.$/s);
  expect(rule.required === true ? rule.severity : "error").toBe("error");
});

test.concurrent.each(rules.map((rule) => [rule.id, rule] as const))(
  "%s finds its bad example, and nothing else does",
  async (id, { bad, severity }) => {
    const findings = await findingsIn(bad);
    const expected = markedLines(bad);
    expect(expected).not.toEqual([]);
    expect(findings.map(({ file, line, ruleId, message }) => ({ at: `${file}:${line}`, ruleId, message }))).toEqual(
      expected.map((at) => ({ at, ruleId: id, message: expect.stringMatching(/[.?]$/) })),
    );
    expect(findings.map((finding) => finding.severity)).toEqual(expected.map(() => severity));
  },
);

test.concurrent.each(rules.map((rule) => [rule.id, rule] as const))(
  "%s and all others are silent about its good example",
  async (_, { good }) => {
    expect(await findingsIn(good)).toEqual([]);
  },
);

describe("further cases", () => {
  const found = async (example: RuleExample) =>
    (await findingsIn(example)).map(({ line, column, ruleId, message }) => `${line}:${column} ${ruleId} ${message}`);
  const config = (text: string) => ({ "usecase.config.yaml": `schema: schema.ts\n${text}` });

  test.concurrent.each<readonly [string, RuleExample, readonly string[]]>([
    ["an unknown type", { spec: "command:\n  orderId: uid\n" }, ['2:12 spec/unknown-reference There is no type "uid".']],
    [
      "an unknown type inside a shared one, told once though two use cases have it",
      {
        spec: "command:\n  orderId: uuid\n  place: Place\nerrors: [Gone]\npolicies:\n  - rule: order.note == null\n    error: Gone\n",
        files: {
          "a.shared.yaml":
            "types:\n  Place: { fields: { id: { items: uuuid, maxItems: 9 } } }\nerrors:\n  Gone: { kind: gone, details: { at?: Tim } }\n",
        },
      },
      ['2:35 spec/unknown-reference There is no type "uuuid".', '4:39 spec/unknown-reference There is no type "Tim".'],
    ],
    [
      "unknown columns wherever a load names one",
      {
        spec: `state:
  order:
    table: orders
    where: { id: command.orderId, OR: [{ nte: { isNull: true } }, { NOT: { ttal: { const: "1" } } }] }
    orderBy: [{ placedat: desc }, shipedAt]
    columns: [id, totl]
    lock: no key update
`,
      },
      [
        '4:42 spec/unknown-reference Table orders has no column "nte".',
        '4:76 spec/unknown-reference Table orders has no column "ttal".',
        '5:17 spec/unknown-reference Table orders has no column "placedat".',
        '5:35 spec/unknown-reference Table orders has no column "shipedAt".',
        '6:19 spec/unknown-reference Table orders has no column "totl".',
      ],
    ],
    [
      "an unknown table to write",
      { spec: "writes:\n  ordrs: [insert]\n" },
      ['2:3 spec/unknown-reference Table "ordrs" is not in schema.ts.'],
    ],
    [
      "keys of loads that do nothing",
      {
        spec: `state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
  lines: { table: orderLines, where: { orderId: order.id }, cardinality: many, missing: NoLines, wait: nowait, limit: 9 }
policies:
  - permission: orders.ship
  - rule: size(lines) < 3
errors: { NoLines: { kind: not-found } }
`,
      },
      [
        "3:80 state/no-effect lines may be no rows at all, so that NoLines is never raised: only an `in` list says which must be there.",
        "3:98 state/no-effect lines is not locked, so that there is nothing to wait for.",
      ],
    ],
    [
      "a query that asks nobody, but is bound to who calls, or says that it is public",
      {
        spec: "command: { customerId: uuid }\nstate:\n  customer: { table: customers, where: { id: command.customerId, email: actor.id } }\nresult: { email: { from: customer.email } }\n",
        without: ["idempotency", "policies", "writes", "audit"],
      },
      [],
    ],
    [
      "an updated column in an event, an earlier value by its name",
      {
        spec: `writes:
  orders: { update: [note] }
events:
  OrderNoted: { key: order.id, payload: { note: { from: order.note }, oldNote: { from: order.note }, total: { from: order.total } } }
`,
      },
      ["4:57 state/stale-value order.note is the value before the update."],
    ],
    [
      "a sequence of a table, a column, and a number that there are not",
      {
        spec: `state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
  a: { sequence: journals.id }
  b: { sequence: journal.number }
  c: { sequence: orders.id }
`,
      },
      [
        '3:18 spec/unknown-reference Table "journals" is not in schema.ts.',
        '4:18 spec/unknown-reference Table journal has no column "number".',
        "5:18 spec/unknown-reference orders.id has no sequence: the database does not number it.",
      ],
    ],
    [
      "a version column that does not count",
      { files: config("version: { column: note }\nsecretColumns: { customers: [apiKey] }\n") },
      ["2:20 config/unknown-reference Column orders.note is nullable: a version must be a whole number that is not null."],
    ],
    [
      "a version column that no table has",
      { files: config("version: { column: version }\nsecretColumns: { customers: [apiKey] }\n") },
      ['2:20 config/unknown-reference There is no column "version".'],
    ],
    [
      "a setting of the session that the actor does not have",
      { files: config("session: { app.who: actor.nobody, app.ok: actor.id }\nsecretColumns: { customers: [apiKey] }\n") },
      ["2:27 expression/type The actor has no field `nobody`."],
    ],
    [
      "an unknown column in the condition of a delete, and an expression of another type",
      {
        spec: "writes:\n  favourites: { delete: { where: { customer: command.orderId } } }\n  complaints: { delete: { where: { customerId: '1' } } }\n",
      },
      [
        "2:27 write/no-index No index of favourites begins with customer: the delete reads the whole table.",
        '2:36 write/unknown-column Table favourites has no column "customer".',
        "3:27 write/no-index No index of complaints begins with customerId: the delete reads the whole table.",
        "3:49 expression/type Expected a uuid, found an integer.",
      ],
    ],
    [
      "an unknown table of a machine",
      { files: { "order.machine.yaml": "machine: Order\ntable: ordrs\nfield: stats\ninitial: a\nstates: { a: { type: final } }\n" } },
      ['2:8 spec/unknown-reference Table "ordrs" is not in schema.ts.'],
    ],
    [
      "an unknown field of a machine",
      { files: { "order.machine.yaml": "machine: Order\ntable: orders\nfield: stats\ninitial: a\nstates: { a: { type: final } }\n" } },
      ['3:8 spec/unknown-reference Table orders has no column "stats".'],
    ],
    [
      "unknown names in the configuration",
      {
        files: config(
          "lockOrder: [ordrs]\nsecretColumns: { customers: [apikey], custmers: [a] }\nrows: { odrers: Order }\ntenant: { column: tenant, value: actor.tenantId }\n",
        ),
      },
      [
        '2:13 config/unknown-reference There is no table "ordrs".',
        '3:30 config/unknown-reference Table customers has no column "apikey".',
        '3:39 config/unknown-reference There is no table "custmers".',
        '4:9 config/unknown-reference There is no table "odrers".',
        '5:19 config/unknown-reference There is no column "tenant".',
      ],
    ],
    [
      "a tenant value that is no expression",
      { files: config("tenant: { column: tenantId, value: actor.tenant }\n") },
      ["2:42 expression/type The actor has no field `tenant`."],
    ],
    [
      "an unknown load of a transition, and nothing else of it",
      { spec: "transitions:\n  - { state: ordr, machine: Order, event: ship }\n" },
      ['2:14 spec/unknown-reference There is no load "ordr".'],
    ],
    [
      "an unknown machine, and nothing of its event",
      { spec: "transitions:\n  - { state: order, machine: Ordr, event: shp }\n" },
      ['2:30 transition/unknown There is no machine "Ordr".'],
    ],
    [
      "a row of another table than the machine's",
      {
        spec: "state:\n  line: { table: orderLines, where: { id: command.orderId }, lock: no key update }\ntransitions:\n  - { state: line, machine: Order, event: ship }\nwrites: {}\n",
      },
      ["4:14 transition/unknown Machine Order is about rows of orders, but line is a row of orderLines."],
    ],
    [
      "unknown states of a machine",
      {
        files: {
          "order.machine.yaml":
            "machine: Order\ntable: orders\nfield: status\ninitial: drft\nstates:\n  draft: { on: { pay: payd } }\n  paid: { type: final }\n  shipped: { type: final }\n",
        },
      },
      ['4:10 transition/unknown Machine Order has no state "drft".', '6:23 transition/unknown Machine Order has no state "payd".'],
    ],
    [
      "a value that the machine does not know",
      {
        files: {
          "order.machine.yaml":
            "machine: Order\ntable: orders\nfield: status\ninitial: draft\nstates: { draft: { on: { pay: paid } }, paid: { type: final } }\n",
        },
      },
      ['5:1 transition/state-values Column orders.status also has "shipped", which machine Order does not know.'],
    ],
    [
      "an event without a lock on its row",
      {
        spec: "state:\n  order: { table: orders, where: { id: command.orderId } }\ntransitions:\n  - { state: order, machine: Order, event: ship }\nwrites: {}\n",
      },
      ["4:14 lock/write-without-lock Rows of orders are written, but order is loaded without a lock."],
    ],
    [
      "one row without any condition",
      { spec: "state:\n  order: { table: orders, lock: no key update }\n" },
      ["2:3 state/not-unique order is one row, but every row of orders may be shared by several."],
    ],
    [
      "one row by half of its key, and by an operator that is not equality",
      { spec: "state:\n  order: { table: orders, where: { id: { gte: command.orderId } }, lock: no key update }\n" },
      [expect.stringContaining("state/not-unique")],
    ],
    [
      "one row by a condition that may be left out",
      {
        spec: "state:\n  order: { table: orders, where: { id: { eq: command.orderId, when: now > timestamp('2020-01-01T00:00:00Z') } }, lock: no key update }\n",
      },
      [expect.stringContaining("state/not-unique")],
    ],
    [
      "one row by a unique index, or the first in an order: fine",
      {
        spec: "command:\n  orderId: uuid\n  email: email\nstate:\n  customer: { table: customers, where: { email: command.email }, lock: no key update }\n  order: { table: orders, where: { customerId: customer.id }, orderBy: [placedAt], lock: no key update, wait: skip locked }\n",
      },
      [],
    ],
    [
      "a load that needs itself, told by its expression",
      { spec: "state:\n  order: { table: orders, where: { id: order.id }, lock: no key update }\n" },
      ["2:40 expression/type The load `order` cannot use itself."],
    ],
    [
      "loads that need each other through `when`",
      {
        spec: "state:\n  order: { table: orders, where: { id: command.orderId }, when: size(lines) > 0, lock: no key update }\n  lines: { table: orderLines, where: { orderId: command.orderId }, when: order != null, cardinality: many }\n",
      },
      ["2:65 state/cycle Loads need each other: order → lines → order."],
    ],
    [
      "a detail of another type, and one too few",
      {
        spec: "policies:\n  - rule: order.note == null\n    error: Gone\n    with: { at: order.total }\n  - rule: order.shippedAt == null\n    error: Gone\nerrors:\n  Gone: { kind: gone, details: { at: integer, by?: string } }\n",
      },
      ["4:17 expression/type Expected an integer, found a decimal.", "6:12 policy/details Error Gone also requires at under `with`."],
    ],
    [
      "details that nobody can give",
      {
        spec: "state:\n  order: { table: orders, where: { id: command.orderId }, lock: no key update, missing: Gone }\npolicies:\n  - permission: a.b\n    error: Gone\n  - rule: order.note == null\n    with: { a: order.id }\nerrors:\n  Gone: { kind: gone, details: { at: integer } }\n",
      },
      [
        "2:89 policy/details A load cannot give the details that Gone requires.",
        "5:12 policy/details A permission cannot give the details that Gone requires.",
        "7:5 policy/details `with` needs an `error` that declares these details.",
      ],
    ],
    [
      "locks in another order than the key's, and those that are not",
      {
        spec: `state:
  order: { table: orders, where: { id: command.orderId }, orderBy: [placedAt], lock: no key update }
  late: { table: orders, where: { customerId: order.customerId }, cardinality: many, orderBy: [{ placedAt: desc }], lock: no key update }
  back: { table: orders, where: { customerId: order.customerId }, cardinality: many, orderBy: [{ id: desc }], limit: 3, lock: no key update, wait: nowait }
  first: { table: orderLines, where: { orderId: order.id }, orderBy: [id, sku], lock: no key update }
  read: { table: orderLines, where: { orderId: order.id }, cardinality: many, orderBy: [sku], limit: 3 }
`,
      },
      [
        "3:86 lock/limit-order Rows of orders are locked in the order of placedAt desc, not of id.",
        expect.stringContaining("3:123 lock/order-cycle Two calls of ShipOrder can wait for each other"),
      ],
    ],
    [
      "any number of rows",
      {
        spec: `state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
  every: { table: orders, cardinality: many }
  recent: { table: orders, where: { placedAt: { gt: order.placedAt } }, cardinality: many, limit: 5 }
  since: { table: orders, where: { customerId: { eq: order.customerId, when: order.note != null } }, cardinality: many }
  either: { table: orders, where: { OR: [{ customerId: order.customerId }, { id: { in: "[order.id]" } }] }, cardinality: many }
  half: { table: orders, where: { OR: [{ customerId: order.customerId }, { status: { const: paid } }] }, cardinality: many }
`,
      },
      [
        "3:3 state/unbounded every may be any number of rows of orders.",
        "4:28 state/no-index No index of orders begins with placedAt: all of it is read, while rows are locked.",
        "5:3 state/unbounded since may be any number of rows of orders.",
        "7:3 state/unbounded half may be any number of rows of orders.",
        "7:26 state/no-index No index of orders helps to find half: all of it is read, while rows are locked.",
      ],
    ],
    [
      "a scan before the first lock is nobody's wait",
      {
        spec: `state:
  imported: { table: importedRows, where: { body: { const: x } }, cardinality: many, limit: 1 }
  order: { table: orders, where: { id: command.orderId }, lock: no key update, when: size(imported) > 0 }
writes: { notes: [insert] }
`,
      },
      [],
    ],
    [
      "nulls that are left out, said or not",
      {
        spec: `state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
  a: { table: orders, where: { customerId: order.customerId, note: { notIn: "[order.id]" } }, cardinality: many }
  b: { table: orders, where: { customerId: order.customerId, note: { ne: order.id, isNotNull: true } }, cardinality: many }
  c: { table: orders, where: { customerId: { ne: order.customerId } }, cardinality: many, limit: 1 }
  d: { table: orders, where: { customerId: order.customerId, NOT: { note: { ne: order.id } } }, cardinality: many }
`,
      },
      [
        "3:77 state/null-excluded `notIn` on orders.note also leaves out the rows where it is null.",
        "5:23 state/no-index No index of orders helps to find c: all of it is read, while rows are locked.",
        "6:81 state/null-excluded `ne` on orders.note also leaves out the rows where it is null.",
      ],
    ],
    [
      "columns that never change",
      {
        spec: "writes:\n  notes: { update: [id, tenantId, body], increment: [body] }\n",
        files: config("tenant: { column: tenantId, value: actor.tenantId }\n"),
      },
      [
        "2:21 write/unknown-column Column notes.id is the primary key, which never changes.",
        "2:25 write/unknown-column Column notes.tenantId is the tenant, which never changes.",
        "2:54 write/increment-type Column notes.body is text: only a number can be incremented.",
      ],
    ],
    [
      "a service without a module of services",
      { spec: "uses: [pricing]\n" },
      ['1:8 spec/unknown-reference There is no service "pricing": the configuration names no module of services.'],
    ],
    [
      "secrets wherever they would be shown",
      {
        spec: `command:
  orderId: uuid
  cards: { items: { fields: { number: { type: string, secret: true }, month: integer } }, maxItems: 9 }
idempotency:
  key: command.cards[0].number
state:
  customer: { table: customers, where: { id: command.orderId }, lock: no key update }
policies:
  - rule: customer.apiKey != null
    error: NoKey
    with: { key: "customer.apiKey == null ? '' : customer.apiKey" }
writes: { customers: { update: [email] } }
result:
  numbers: { items: string, from: "command.cards.map(c, c.number)" }
  months: { items: integer, from: "command.cards.map(c, c.month)" }
  hidden: { type: string, nullable: true, secret: true, from: customer.apiKey }
  size: { type: integer, from: "command.cards.size()" }
  picked: { type: string, from: "[customer.email, command.cards[0].number].filter(c, c != '')[0]" }
errors:
  NoKey: { kind: conflict, details: { key: string }, constraint: customers_email_unique }
audit:
  subject: { type: Card, id: "command.cards.filter(c, c.month > 1).map(c, c.number)[0]" }
events:
  CardUsed:
    key: command.cards[0].number + 'x'
    payload:
      whole: { type: json, from: command }
      plain: { type: string, secret: true }
`,
        files: config("secretColumns: { customers: [apiKey] }\n"),
      },
      [
        "5:8 secret/leak command.cards[].number is secret and must not be in an idempotency key.",
        "11:18 secret/leak customer.apiKey is secret and must not be in an error's details.",
        "14:35 secret/leak command.cards[].number is secret and must not be in a result that is not secret itself.",
        "18:33 secret/leak command.cards[].number is secret and must not be in a result that is not secret itself.",
        "22:30 secret/leak command.cards[].number is secret and must not be in the audit's subject.",
        expect.stringContaining("25:10 event/unserialised-key"),
        "25:10 secret/leak command.cards[].number is secret and must not be in the key of an event.",
        "27:34 secret/leak command.cards[].number is secret and must not be in an event.",
        "28:7 secret/leak CardUsed.plain is secret, which nothing in an event can be.",
      ],
    ],
  ])("%s", async (_, example, expected) => {
    expect(await found(example)).toEqual(expected);
  });
});
