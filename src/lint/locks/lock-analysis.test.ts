import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test, vi } from "vitest";
import { parse, parseDocument } from "yaml";
import { loadProject } from "../../spec/load-project.js";
import { kebabCase } from "../../spec/names.js";
import { exampleFiles } from "../example-project.js";
import { lint } from "../lint.js";
import { lockForeignKey } from "../rules/lock-foreign-key.js";
import { lockOrderCycle } from "../rules/lock-order-cycle.js";
import { lockUpgrade } from "../rules/lock-upgrade.js";

// Every case has the same schema: it is read once.
vi.mock("../../spec/drizzle-schema.js", async (importOriginal) => {
  const original = await importOriginal<typeof import("../../spec/drizzle-schema.js")>();
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

const schema = `
import { index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
export const customers = pgTable("customers", {
  id: uuid().primaryKey(), email: text().notNull().unique("customers_email"), name: text().notNull(), visits: integer().notNull(),
});
export const orders = pgTable("orders", {
  id: uuid().primaryKey(), customerId: uuid("customer_id").notNull().references(() => customers.id), note: text(),
}, (t) => [index("o").on(t.customerId)]);
export const lines = pgTable("lines", {
  id: uuid().primaryKey(), orderId: uuid("order_id").notNull().references(() => orders.id, { onDelete: "cascade" }), note: text(),
}, (t) => [index("l").on(t.orderId)]);
export const payments = pgTable("payments", {
  id: uuid().primaryKey(), orderId: uuid("order_id").notNull().references(() => orders.id), note: text(),
}, (t) => [index("p").on(t.orderId)]);
export const marks = pgTable("marks", {
  id: uuid().primaryKey(), lineId: uuid("line_id").notNull().references(() => lines.id), orderId: uuid("order_id").notNull(), note: text(),
}, (t) => [index("m").on(t.lineId)]);
export const visits = pgTable("visits", {
  id: uuid().primaryKey(), orderId: uuid("order_id").notNull().references(() => orders.id), personId: uuid("person_id").notNull().references(() => people.id),
}, (t) => [index("v").on(t.orderId), index("w").on(t.personId)]);
export const letters = pgTable("letters", { id: uuid().primaryKey(), email: text().notNull().references(() => customers.email) });
export const people = pgTable("people", { id: uuid().primaryKey(), managerId: uuid("manager_id").notNull(), note: text() });
`;

const folder = fileURLToPath(new URL(`../../../.tmp/locks-${process.pid}`, import.meta.url));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;

/** What the rules about locks say of these use cases, each given by its loads and what else matters. */
async function findingsOf(useCases: Readonly<Record<string, string>>, config = "") {
  return look(write(useCases, config));
}

function write(useCases: Readonly<Record<string, string>>, config = ""): string {
  const files = new Map([
    ["usecase.config.yaml", `schema: schema.ts\n${config}`],
    ["schema.ts", schema],
  ]);
  for (const [name, given] of Object.entries(useCases)) {
    const rest = {
      command: "command: { id: uuid, other: uuid, text: { type: string, maxLength: 9 } }",
      policies: `policies: [{ permission: a.${name} }]`,
      writes: "writes: { people: [insert] }",
      audit: "audit: { subject: { type: Thing, id: command.id }, reason: required }",
    };
    const missing = Object.entries(rest).flatMap(([key, text]) => (new RegExp(`^${key}:`, "m").test(given) ? [] : [text]));
    const head = `usecase: ${name}\nsummary: What ${name} does.\nidempotency: { key: caller }\nresult: {}\n`;
    files.set(`specs/${kebabCase(name)}.usecase.yaml`, `${head}${missing.join("\n")}\n${given}`);
  }
  return writeFiles(files);
}

function writeFiles(files: ReadonlyMap<string, string>): string {
  const cwd = join(folder, `${count++}`);
  for (const [path, content] of files) {
    mkdirSync(dirname(join(cwd, path)), { recursive: true });
    writeFileSync(join(cwd, path), content);
  }
  return cwd;
}

const isCircle = /^lock\/(order-cycle|foreign-key|upgrade)$/;

interface WrittenLoad {
  readonly table: string;
  readonly where: unknown;
  readonly lock?: string;
}

/** Does what the help of a finding says, word by word. */
function repair(cwd: string, help: string, message: string): void {
  const change = (file: string, edit: (loads: Record<string, WrittenLoad>) => Record<string, WrittenLoad>) => {
    const document = parseDocument(readFileSync(join(cwd, file), "utf8"));
    document.set("state", document.createNode(edit(document.toJS().state)));
    writeFileSync(join(cwd, file), String(document));
  };
  const locking = (names: string, lock: string) => (loads: Record<string, WrittenLoad>) => ({
    ...loads,
    ...Object.fromEntries(names.split(" and ").map((name) => [name, { ...(loads[name] as WrittenLoad), lock }])),
  });
  let done = false;
  for (const [, order] of help.matchAll(/[Ii]n usecase\.config\.yaml say `lockOrder: \[(.+?)\]`/g)) {
    writeFileSync(join(cwd, "usecase.config.yaml"), `schema: schema.ts\nlockOrder: [${order}]\n`);
    done = true;
  }
  for (const [, file = "", names = "", lock = ""] of help.matchAll(/In (\S+), load (\w+(?: and \w+)*) with `lock: (.+?)`/g)) {
    change(file, locking(names, lock));
    done = true;
  }
  for (const [, file = "", paths = ""] of help.matchAll(/In (\S+), `no key update` is enough for (\S+(?: and \S+)*):/g)) {
    change(file, locking(paths.replace(/state\.(\w+)\.lock/g, "$1"), "no key update"));
    done = true;
  }
  const looks = /In (\S+), find (\w+) without a lock first, as (\w+), and let (.+?) read \3; then load \2 by `where: (.+?)` with its lock/g;
  for (const [, file = "", name = "", found = "", readers = "", where = ""] of help.matchAll(looks)) {
    change(file, (loads) => {
      const { lock, ...unlockedLoad } = loads[name] as WrittenLoad;
      const renamed = (_: string, value: unknown) =>
        typeof value === "string" ? value.replace(new RegExp(`\\b${name}\\b`, "g"), found) : value;
      const reading = Object.entries(loads).map(
        ([other, load]) => [other, readers.split(" and ").includes(other) ? JSON.parse(JSON.stringify(load, renamed)) : load] as const,
      );
      const again = { ...unlockedLoad, where: parse(where), ...(lock !== undefined && { lock }) };
      return { [found]: unlockedLoad, ...Object.fromEntries(reading), [name]: again };
    });
    done = true;
  }
  const [, useCase = ""] = /^(\w+) locks/.exec(message) ?? [];
  const [, names, lock = ""] = /^Lock (\w+(?: and \w+)*) with `(.+?)` from the start/.exec(help) ?? [];
  if (names !== undefined) {
    change(`specs/${kebabCase(useCase)}.usecase.yaml`, locking(names, lock));
    done = true;
  }
  if (/^Give both loads the stronger lock/.test(help)) {
    const [, table, first = "", second = ""] = /rows of (\w+) `(.+?)` and then `(.+?)`/.exec(message) ?? [];
    const stronger = [first, second].includes("update") ? "update" : "no key update";
    change(`specs/${kebabCase(useCase)}.usecase.yaml`, (loads) =>
      Object.fromEntries(Object.entries(loads).map(([name, load]) => [name, load.table === table ? { ...load, lock: stronger } : load])),
    );
    done = true;
  }
  if (!done) throw new Error(`Nobody knows how to do this: ${help}`);
}

async function look(cwd: string) {
  const findings = lint(await loadProject({ cwd }));
  const unsound = findings.filter(({ severity, ruleId }) => severity === "error" && !/^lock\//.test(ruleId));
  expect(unsound.map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([]);
  return findings.filter(({ ruleId }) => /^(lock\/(order-cycle|foreign-key|upgrade|stronger)|event\/unser|state\/check)/.test(ruleId));
}

const order = "order: { table: orders, where: { id: command.id }, lock: no key update }";
const customer = "customer: { table: customers, where: { id: command.id }, lock: no key update }";
const state = (...loads: readonly string[]) => `state:\n${loads.map((load) => `  ${load}\n`).join("")}`;
const many = (name: string, table: string, where: string, more = "") =>
  `${name}: { table: ${table}, where: { ${where} }, cardinality: many, lock: no key update${more} }`;
const one = (name: string, table: string, where: string, more = "") =>
  `${name}: { table: ${table}, where: { ${where} }, lock: no key update${more} }`;
const customerOfOrder = one("customer", "customers", "id: order.customerId");
const ordersOfCustomer = many("orders", "orders", "customerId: customer.id");

const locked = (name: string, table: string) => `${name}: { table: ${table}, where: { id: command.id }, lock: update }`;
const unlocked = "customer: { table: customers, where: { id: command.id } }";
const event = (name: string) => `  ${name}: { version: 1, key: command.text, payload: { id: { from: command.id } } }\n`;
const seen = "events:\n  Seen: { version: 1, key: command.text, payload: { id: { from: command.id } } }\n";

const deadlocks: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
  [
    "opposite orders that loads force, once however many use cases there are",
    {
      A: state(order, customerOfOrder),
      B: state(order, customerOfOrder),
      C: state(order, customerOfOrder),
      D: state(order, customerOfOrder),
      E: state(customer, ordersOfCustomer),
    },
    [
      "lock/order-cycle Two calls can wait for each other: E locks customers before orders, A, B, C and 1 more lock orders before customers.",
    ],
  ],
  [
    "a circle of three",
    {
      A: state(order, customerOfOrder),
      B: state(customer, many("lines", "lines", "id: customer.id")),
      C: state("line: { table: lines, where: { id: command.id }, lock: no key update }", one("order", "orders", "id: line.orderId")),
    },
    [
      "lock/order-cycle 3 calls can wait for each other in a circle: B locks customers before lines, C locks lines before orders, A locks orders before customers.",
    ],
  ],
  [
    "rows of one table, of which one is found through another",
    { A: state(one("person", "people", "id: command.id"), one("manager", "people", "id: person.managerId")) },
    ["lock/order-cycle Two calls of A can wait for each other: it locks people (person), and while it holds them, locks people (manager)."],
  ],
  [
    "rows of one table, locked with two strengths",
    {
      A: state(one("person", "people", "id: command.id"), "other: { table: people, where: { id: command.other }, lock: share }"),
    },
    ["lock/upgrade A locks rows of people `no key update` and then `share`: two calls can wait for each other."],
  ],
  [
    "rows that are written without a lock, after others were locked",
    {
      A: `${state(order)}writes: { customers: { increment: [visits] } }\n`,
      B: state(customer, ordersOfCustomer),
    },
    ["lock/order-cycle Two calls can wait for each other: B locks customers before orders, A locks orders before customers."],
  ],
  [
    "rows that a delete takes along",
    {
      A: `${state("order: { table: orders, where: { id: command.id }, lock: update }")}writes: { orders: [delete] }\n`,
      B: state("line: { table: lines, where: { id: command.id }, lock: no key update }", one("order", "orders", "id: line.orderId")),
    },
    ["lock/foreign-key Two calls can wait for each other: B locks lines before orders, A locks orders before lines."],
  ],
  [
    "an insert that refers to a row which another locks `update` and then waits",
    {
      A: `${state(order)}writes: { orders: [insert] }\n`,
      B: `${state(customer.replace("no key update", "update"), ordersOfCustomer)}writes: { customers: { update: [email] } }\n`,
    },
    ["lock/foreign-key Two calls can wait for each other: B locks customers before orders, A locks orders before customers."],
  ],
  [
    "a gate that one of the two does not go through",
    {
      A: state(
        order,
        many("lines", "lines", "orderId: order.id"),
        many("payments", "payments", "orderId: order.id", ", when: size(lines) > 0"),
      ),
      B: state(
        many("payments", "payments", "orderId: command.id"),
        many("lines", "lines", "orderId: command.id", ", when: size(payments) > 0"),
      ),
    },
    ["lock/order-cycle Two calls can wait for each other: A locks lines before payments, B locks payments before lines."],
  ],
  [
    "a gate that rows can leave, because their parent can be changed",
    {
      A: state(
        order,
        many("lines", "lines", "orderId: order.id"),
        many("payments", "payments", "orderId: order.id", ", when: size(lines) > 0"),
      ),
      B: `${state(order, many("payments", "payments", "orderId: order.id"), many("lines", "lines", "orderId: order.id", ", when: size(payments) > 0"))}writes: { lines: { update: [orderId] }, payments: { update: [orderId] } }\n`,
    },
    ["lock/order-cycle Two calls can wait for each other: A locks lines before payments, B locks payments before lines."],
  ],
  [
    "the order of an event's key, taken between a lock and an unlocked write",
    {
      A: `${state(customer)}${seen}`,
      B: `${seen}writes: { customers: { increment: [visits] } }\n`,
    },
    [
      "event/unserialised-key No locked row stands for the key of Seen: an advisory lock on it will be taken before the write.",
      "event/unserialised-key No locked row stands for the key of Seen: an advisory lock on it will be taken before the write.",
      "lock/order-cycle Two calls can wait for each other: A locks customers before the keys of events, B locks the keys of events before customers.",
    ],
  ],
  [
    "rows that refer to what a delete takes along",
    {
      A: `${state(locked("order", "orders"))}writes: { orders: [delete] }\n`,
      B: `${state(locked("mark", "marks"), one("order", "orders", "id: mark.orderId"))}writes: { marks: [delete] }\n`,
    },
    ["lock/foreign-key Two calls can wait for each other: B locks marks before orders, A locks orders before marks."],
  ],
  [
    "rows that a delete looks for, because they would refuse it",
    {
      A: `${state(locked("order", "orders"))}writes: { orders: [delete] }\n`,
      B: state(locked("payment", "payments"), one("order", "orders", "id: payment.orderId")),
    },
    ["lock/foreign-key Two calls can wait for each other: A locks orders before payments, B locks payments before orders."],
  ],
  [
    "rows that refer to a key which an update changes",
    {
      A: `${state(locked("customer", "customers"))}writes: { customers: { update: [email] } }\n`,
      B: `${state(locked("letter", "letters"), one("customer", "customers", "email: letter.email"))}writes: { letters: [delete] }\n`,
    },
    ["lock/foreign-key Two calls can wait for each other: A locks customers before letters, B locks letters before customers."],
  ],
  [
    "an upsert, after another table's row was locked",
    {
      A: `${state(order)}writes: { customers: { upsert: { key: [email], update: [name] } } }\n`,
      B: state(customer, ordersOfCustomer),
    },
    ["lock/order-cycle Two calls can wait for each other: B locks customers before orders, A locks orders before customers."],
  ],
  [
    "an upsert that refers to a row which another locks `update` and then waits",
    {
      A: `${state(one("person", "people", "id: command.id"))}writes: { payments: { upsert: { key: [id], update: [note] } } }\n`,
      B: `${state(locked("order", "orders"), one("person", "people", "id: order.customerId"))}writes: { orders: [delete] }\n`,
    },
    [
      "lock/foreign-key 3 calls can wait for each other in a circle: B locks orders before people, A locks people before payments, A locks payments before orders.",
      "lock/foreign-key Two calls can wait for each other: B locks orders before people, A locks people before orders.",
    ],
  ],
  [
    "a delete by condition, after another table's row was locked",
    {
      A: `${state(customer)}writes: { orders: { delete: { where: { customerId: command.other } } } }\n`,
      B: state(order, customerOfOrder),
    },
    ["lock/order-cycle Two calls can wait for each other: A locks customers before orders, B locks orders before customers."],
  ],
  [
    "the parents of one new row, which another locks one after the other",
    {
      A: "writes: { visits: [insert] }\n",
      B: `${state(locked("order", "orders"), "person: { table: people, where: { id: order.customerId }, lock: update }")}writes: { people: [delete] }\n`,
    },
    ["lock/foreign-key Two calls can wait for each other: B locks orders before people, A locks people before orders."],
  ],
  [
    "advisory locks of two levels",
    {
      A: state("a: { advisoryLock: \"'a:' + command.text\" }", unlocked, "b: { advisoryLock: \"'b:' + customer.name\" }"),
      B: state("b: { advisoryLock: \"'b:' + command.text\" }", unlocked, "a: { advisoryLock: \"'a:' + customer.name\" }"),
    },
    [
      "lock/order-cycle Two calls can wait for each other: A locks advisory lock a: before advisory lock b:, B locks advisory lock b: before advisory lock a:.",
    ],
  ],
  [
    "a row, and an advisory lock whose key another row gives",
    {
      A: state(customer, "a: { advisoryLock: \"'a:' + customer.name\" }"),
      B: state("a: { advisoryLock: \"'a:' + command.text\" }", customer),
    },
    [
      "lock/order-cycle Two calls can wait for each other: B locks advisory lock a: before customers, A locks customers before advisory lock a:.",
    ],
  ],
  [
    "rows that calls share, and then change",
    { A: `${state("order: { table: orders, where: { id: command.id }, lock: share }")}writes: { orders: { update: [note] } }\n` },
    ["lock/upgrade A locks orders (order) `share`, and then updates orders: two calls that share a row wait for each other."],
  ],
  [
    "keys of events of two names, which may be the same key",
    {
      A: `${state(customer)}${seen}`,
      B: `${seen.replace("Seen", "Heard")}writes: { customers: { increment: [visits] } }\n`,
    },
    [
      "event/unserialised-key No locked row stands for the key of Heard: an advisory lock on it will be taken before the write.",
      "event/unserialised-key No locked row stands for the key of Seen: an advisory lock on it will be taken before the write.",
      "lock/order-cycle Two calls can wait for each other: A locks customers before the keys of events, B locks the keys of events before customers.",
    ],
  ],
];

describe("what can become a deadlock", () => {
  test.each(deadlocks)("%s", async (_, useCases, expected) => {
    const findings = await findingsOf(useCases);
    expect(findings.map(({ ruleId, message }) => `${ruleId} ${message}`).sort()).toEqual(expected);
  });
});

describe("what cannot", () => {
  test.each<[string, Readonly<Record<string, string>>, string?]>([
    [
      "loads of one level, in whatever order the specs name them",
      {
        A: state(order, one("customer", "customers", "id: command.other")),
        B: state(one("customer", "customers", "id: command.other"), order),
      },
    ],
    [
      "one order everywhere, by loads and by the configuration",
      { A: state(order, customerOfOrder), B: state(customer, one("order", "orders", "id: command.other")) },
      "lockOrder: [orders, customers]\n",
    ],
    [
      "opposite orders behind one gate",
      {
        A: state(
          order,
          many("lines", "lines", "orderId: order.id"),
          many("payments", "payments", "orderId: order.id", ", when: size(lines) > 0"),
        ),
        B: state(
          order,
          many("payments", "payments", "orderId: order.id"),
          many("lines", "lines", "orderId: order.id", ", when: size(payments) > 0"),
        ),
      },
    ],
    [
      "opposite orders behind one gate, by the value that the gate was found by",
      {
        A: state(
          order,
          many("lines", "lines", "orderId: order.id"),
          many("payments", "payments", "orderId: order.id", ", when: size(lines) > 0"),
        ),
        B: state(
          order,
          many("payments", "payments", "orderId: command.id", ", when: order.note == null"),
          many("lines", "lines", "orderId: command.id", ", when: size(payments) > 0"),
        ),
      },
    ],
    [
      "opposite orders behind one advisory lock",
      {
        A: state("gate: { advisoryLock: \"'shop'\" }", order, customerOfOrder),
        B: state("gate: { advisoryLock: \"'shop'\" }", customer, ordersOfCustomer),
      },
    ],
    [
      "who does not wait",
      { A: state(order, one("customer", "customers", "id: order.customerId", ", wait: nowait")), B: state(customer, ordersOfCustomer) },
    ],
    ["who only reads", { A: state(order, customerOfOrder), B: `${state(customer, ordersOfCustomer)}writes: {}\n` }],
    [
      "an insert that refers to a row locked `no key update`",
      { A: `${state(order)}writes: { orders: [insert] }\n`, B: state(customer, ordersOfCustomer) },
    ],
    [
      "an insert that refers to a row whose unique key another changes after its last wait",
      {
        A: `${state(order)}writes: { orders: [insert] }\n`,
        B: `${state(customer, ordersOfCustomer)}writes: { customers: { update: [email] } }\n`,
      },
    ],
    [
      "an insert of children of a row that the use case has locked itself",
      {
        A: `${state("order: { table: orders, where: { id: command.id }, lock: update }", many("lines", "lines", "orderId: order.id"))}writes: { lines: [insert] }\n`,
      },
    ],
    [
      "a row deleted that was locked `no key update`",
      { A: `${state(one("person", "people", "id: command.id"))}writes: { people: [delete] }\n` },
    ],
    [
      "two rows of one table by the command's ids, in one statement",
      { A: state(one("person", "people", "id: command.id"), one("other", "people", "id: command.other")) },
    ],
    [
      "keys of two events, in whatever order the specs name them",
      { A: `events:\n${event("Seen")}${event("Heard")}`, B: `events:\n${event("Heard")}${event("Seen")}` },
    ],
    [
      "an upsert of the row that a load has locked",
      {
        A: `${state(one("person", "people", "id: command.id", ", cardinality: optional"))}writes: { people: { upsert: { key: [id], update: [note] } } }\n`,
      },
    ],
    [
      "a delete that takes along what others find behind its row",
      {
        A: `${state(locked("order", "orders"))}writes: { orders: [delete] }\n`,
        B: state(order, many("lines", "lines", "orderId: order.id"), many("marks", "marks", 'lineId: { in: "lines.map(l, l.id)" }')),
      },
    ],
    [
      "an event whose key is the id that a locked row was found by",
      { A: `${state(order)}events:\n  Seen: { version: 1, key: command.id, payload: { id: { from: command.id } } }\n` },
    ],
  ])("%s", async (_, useCases, config) => {
    const findings = (await findingsOf(useCases, config)).filter(({ ruleId }) => !/^(lock.stronger|event)/.test(ruleId));
    expect(findings.map(({ ruleId, message }) => `${ruleId} ${message}`)).toEqual([]);
  });
});

describe("the proposed repair", () => {
  test.each(deadlocks)("silences it: %s", async (_, useCases) => {
    const cwd = write(useCases);
    for (let rounds = 0; rounds < 5; rounds++) {
      const circles = (await look(cwd)).filter(({ ruleId }) => isCircle.test(ruleId));
      // Each is one finding, and each place of it is a line of a file.
      expect(new Set(circles.map(({ message }) => message)).size).toBe(circles.length);
      for (const { ruleId, file, line, message, related } of circles) {
        const [, many] = /^(\d+) calls can wait for each other in a circle/.exec(message) ?? [];
        const sides = ruleId === "lock/upgrade" ? 0.5 : message.includes(", and while it holds them") ? 1 : Number(many ?? 2);
        // Of each side the lock that is held and the one that is waited for.
        expect(related.length, message).toBeGreaterThanOrEqual(2 * sides);
        for (const at of [{ file, line }, ...related]) {
          expect(at.file, message).toMatch(/^specs\/[a-e]\.usecase\.yaml$/);
          expect(readFileSync(join(cwd, at.file), "utf8").split("\n")[at.line - 1], message).toMatch(
            /\b(lock|advisoryLock|writes|version)\b/,
          );
        }
      }
      const first = circles.find(({ help }) => help !== undefined && !help.startsWith("Let each of them"));
      if (first === undefined) return;
      repair(cwd, first.help ?? "", first.message);
      const left = (await look(cwd)).filter(({ ruleId }) => isCircle.test(ruleId)).map(({ message }) => message);
      const before = circles.map(({ message }) => message);
      expect(left, first.help).not.toContain(first.message);
      expect(
        left.filter((message) => !before.includes(message)),
        first.help,
      ).toEqual([]);
    }
    throw new Error("The repairs do not end.");
  });

  test.each([lockOrderCycle, lockForeignKey, lockUpgrade])("silences the example of $id", async ({ id, bad }) => {
    const cwd = writeFiles(new Map(exampleFiles(bad)));
    const circles = async () => (await look(cwd)).filter(({ ruleId }) => isCircle.test(ruleId));
    const [finding, ...others] = await circles();
    expect(others).toEqual([]);
    expect(finding?.ruleId).toBe(id);
    repair(cwd, finding?.help ?? "", finding?.message ?? "");
    expect(await circles()).toEqual([]);
  });

  test("is the configuration's order where that is enough", async () => {
    const useCases = { A: state(order, customerOfOrder), B: state(customer, one("order", "orders", "id: command.other")) };
    const [finding, ...others] = await findingsOf(useCases);
    expect(others).toEqual([]);
    expect(finding?.help).toBe("In usecase.config.yaml say `lockOrder: [orders, customers]`.");
    expect(await findingsOf(useCases, "lockOrder: [orders, customers]\n")).toEqual([]);
  });

  test("is a look without a lock where a row leads to another of its table", async () => {
    const [finding] = await findingsOf({
      A: state(one("person", "people", "id: command.id"), one("manager", "people", "id: person.managerId")),
    });
    expect(finding?.help).toMatch(/^In specs\/a.usecase.yaml, find person without a lock first, as personFound/);
    const found = "personFound: { table: people, where: { id: command.id } }";
    const repaired = state(found, one("person", "people", "id: personFound.id"), one("manager", "people", "id: personFound.managerId"));
    expect(await findingsOf({ A: repaired })).toEqual([]);
  });

  test("is a lock from the start for rows that are else locked by their change", async () => {
    const unlocked = "lines: { table: lines, where: { orderId: command.id }, cardinality: many }";
    const change = "writes: { lines: { update: [note] } }\n";
    const line = "line: { table: lines, where: { id: command.id }, lock: no key update }";
    const B = state(line, one("order", "orders", "id: line.orderId"));
    const [finding] = await findingsOf({ A: `${state(unlocked, order)}${change}`, B });
    expect(finding?.help).toBe("In specs/a.usecase.yaml, load lines with `lock: no key update`.");
    const locked = many("lines", "lines", "orderId: command.id");
    expect(await findingsOf({ A: `${state(locked, order)}${change}`, B })).toEqual([]);
  });

  test("is a common lock where nothing smaller will do", async () => {
    const [finding] = await findingsOf({
      A: state(order, "found: { table: lines, where: { id: order.id } }", one("payment", "payments", "id: found.id")),
      B: state(
        one("payment", "payments", "id: command.id"),
        "found: { table: lines, where: { id: payment.id } }",
        one("order", "orders", "id: found.orderId"),
      ),
    });
    expect(finding?.help).toMatch(/^Let each of them first lock one row that stands for all of these/);
  });
});

describe("decisions that nothing protects", () => {
  const open = "open: { table: orders, where: { customerId: command.id }, cardinality: many }";
  const limited = "policies: [{ rule: size(open) < 3 }]\nwrites: { orders: [insert] }\n";
  const locked = "customer: { table: customers, where: { id: command.id }, lock: no key update }";
  test.each<readonly [string, Readonly<Record<string, string>>, readonly string[]]>([
    ["a count of rows that the use case inserts", { A: `${state(open)}${limited}` }, ["A: A inserts into orders"]],
    ["the same behind a lock on their parent", { A: `${state(locked, open)}${limited}` }, []],
    [
      "a writer that does not lock the parent",
      { A: `${state(locked, open)}${limited}`, B: "writes: { orders: [insert] }\n" },
      ["A: B inserts into orders"],
    ],
    [
      "a writer that locks the parent too",
      {
        A: `${state(locked, open)}${limited}`,
        B: `${state(locked.replace("command.id", "command.other"))}writes: { orders: [insert] }\n`,
      },
      [],
    ],
    [
      "a locked row that is found by a column which another use case changes",
      {
        A: `${state(one("customer", "customers", "email: command.text"))}policies: [{ rule: customer.name != '' }]\n`,
        B: `${state(customer)}writes: { customers: { update: [email] } }\n`,
      },
      [],
    ],
    [
      "a writer that does not, but has to wait for a lock `update` by its foreign key",
      { A: `${state(locked.replace("no key update", "update"), open)}${limited}`, B: "writes: { orders: [insert] }\n" },
      [],
    ],
    [
      "a writer that makes the parent itself",
      { A: `${state(locked, open)}${limited}`, B: "writes: { customers: [insert], orders: [insert] }\n" },
      [],
    ],
    [
      "a lock on the rows that are there: it keeps no new ones out",
      { A: `${state(many("open", "orders", "customerId: command.id"))}${limited}` },
      ["A: A inserts into orders"],
    ],
    [
      "the database's own constraint says the same",
      {
        A: `${state("same: { table: customers, where: { email: command.text }, cardinality: optional }")}policies: [{ rule: same == null, error: Taken }]
writes: { customers: [insert] }
errors: { Taken: { kind: conflict, constraint: customers_email } }
`,
      },
      [],
    ],
    [
      "the absence of a row that may come",
      {
        A: `${state("same: { table: customers, where: { email: command.text }, cardinality: optional }")}policies: [{ rule: same == null }]
writes: { customers: [insert] }
`,
      },
      ["A: A inserts into customers"],
    ],
    [
      "the absence of a row that would be locked",
      {
        A: `${state("same: { table: customers, where: { email: command.text }, cardinality: optional, lock: no key update }")}policies: [{ rule: same == null }]
writes: { customers: [insert] }
`,
      },
      ["A: A inserts into customers"],
    ],
    [
      "the absence of a row that others make and this use case does not",
      {
        A: `${state("same: { table: customers, where: { email: command.text }, cardinality: optional }")}policies: [{ rule: same == null }]\n`,
        B: "writes: { customers: [insert] }\n",
      },
      [],
    ],
    [
      "a column of an unlocked row that another use case changes",
      {
        A: `${state("customer: { table: customers, where: { id: command.id } }")}policies: [{ rule: customer.name != '' }]\n`,
        B: `${state(customer)}writes: { customers: { update: [name] } }\n`,
        C: `${state(customer)}writes: { customers: { update: [email], increment: [visits] } }\n`,
      },
      ["A: B changes rows of customers"],
    ],
    [
      "the same row, locked `share`",
      {
        A: `${state("customer: { table: customers, where: { id: command.id }, lock: share }")}policies: [{ rule: customer.name != '' }]\n`,
        B: `${state(customer)}writes: { customers: { update: [name] } }\n`,
      },
      [],
    ],
    ["both serializable", { A: `${state(open)}${limited}transaction: { isolation: serializable }\n` }, []],
    [
      "only one of them serializable",
      { A: `${state(open)}${limited}transaction: { isolation: serializable }\n`, B: "writes: { orders: [insert] }\n" },
      ["A: B inserts into orders"],
    ],
    [
      "a check that may look at them",
      { A: `${state(open)}policies: [{ check: fewEnough }]\nwrites: { orders: [insert] }\n` },
      ["A: A inserts into orders"],
    ],
    ["a query", { A: `${state(open)}policies: [{ rule: size(open) < 3 }]\nwrites: {}\n`, B: "writes: { orders: [insert] }\n" }, []],
  ])("%s", async (_, useCases, expected) => {
    const findings = (await findingsOf(useCases)).filter(({ ruleId }) => ruleId === "state/check-then-write");
    const told = findings.flatMap(({ message, related }) => related.slice(1).map((other) => `${message.split(" ")[0]}: ${other.message}`));
    expect(told).toEqual(expected);
  });
});
