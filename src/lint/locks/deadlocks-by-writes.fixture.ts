// Deadlocks of which one half is a lock that nobody has asked for: a write statement or a foreign key takes it.
import type { DeadlockCase } from "./deadlock-case.fixture.js";

const spec = (name: string, command: string, parts: string, events = "") => `
usecase: ${name}
summary: What ${name} says.
command: { ${command} }
idempotency: { key: caller }
${parts.trim()}
audit: { subject: { type: Thing, id: actor.id }, reason: none }
${events}`;

const handler = (name: string, kebab: string, body: string) => ({
  [`src/usecases/${kebab}/${kebab}.handler.ts`]: `
import { defineHandler } from "./${kebab}.gen.js";
export const ${name}Handler = defineHandler({ apply({ command, state, writes, newId }) { ${body} return { result: {} }; } });
`,
});

const config = (lockOrder: string) => `schema: schema.ts\nimports: .js\nlockOrder: [${lockOrder}]\n`;
const email = "email: { type: string, maxLength: 99 }";

const dropOrder = {
  "specs/drop-order.usecase.yaml": spec(
    "DropOrder",
    "orderId: uuid",
    `
state:
  order: { table: orders, where: { id: command.orderId }, lock: update }
policies: [{ permission: orders.drop }]
writes: { orders: [delete] }
result: {}
`,
  ),
  ...handler("dropOrder", "drop-order", "writes.orders.delete(state.order);"),
};

const countLine = (state: string, policies = "[{ permission: lines.count }]") => ({
  "specs/count-line.usecase.yaml": spec(
    "CountLine",
    "lineId: uuid",
    `
state:
${state}
policies: ${policies}
writes: { lines: { update: [quantity] } }
result: {}
`,
  ),
  ...handler("countLine", "count-line", "writes.lines.update(state.line, { quantity: state.line.quantity + 1 });"),
});

const renameMail = {
  "specs/rename-mail.usecase.yaml": spec(
    "RenameMail",
    "customerId: uuid",
    `
state:
  customer: { table: customers, where: { id: command.customerId }, lock: update }
policies: [{ permission: customers.rename }]
writes: { customers: { update: [email] } }
result: {}
errors:
  EmailTaken: { kind: conflict, constraint: customers_email }
  StillUsed: { kind: conflict, constraint: letters_email_customers_email_fk }
`,
  ),
  ...handler("renameMail", "rename-mail", "writes.customers.update(state.customer, { email: newId() });"),
};

const dropLetter = (lock: string) => ({
  "specs/drop-letter.usecase.yaml": spec(
    "DropLetter",
    "letterId: uuid",
    `
state:
  letter: { table: letters, where: { id: command.letterId }, lock: ${lock} }
  customer: { table: customers, where: { email: letter.email }, lock: no key update }
policies: [{ permission: letters.drop }, { rule: customer.name != '' }]
writes: { letters: [delete] }
result: {}
`,
  ),
  ...handler("dropLetter", "drop-letter", "writes.letters.delete(state.letter);"),
});

const noteBuyer = {
  "specs/note-buyer.usecase.yaml": spec(
    "NoteBuyer",
    `orderId: uuid, ${email}`,
    `
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
policies: [{ permission: orders.note }]
writes: { customers: { upsert: { key: [email], update: [name] } } }
result: {}
`,
  ),
  ...handler("noteBuyer", "note-buyer", "writes.customers.upsert({ id: newId(), email: command.email, name: state.order.id });"),
};

const closeAccount = (state: string) => ({
  "specs/close-account.usecase.yaml": spec(
    "CloseAccount",
    "customerId: uuid",
    `
state:
${state}
policies: [{ permission: accounts.close }]
writes: { orders: { update: [parcels] } }
result: {}
`,
  ),
  ...handler(
    "closeAccount",
    "close-account",
    "for (const order of state.orders) writes.orders.update(order, { parcels: order.parcels + 1 });",
  ),
});

const shelfSeen = "events:\n  ShelfSeen: { version: 1, key: command.email, payload: { id: { from: command.customerId } } }\n";
const nameCustomer = (first: string) => ({
  "specs/name-customer.usecase.yaml": spec(
    "NameCustomer",
    `customerId: uuid, ${email}`,
    `
state:
${first}  customer: { table: customers, where: { id: command.customerId }, lock: no key update }
policies: [{ permission: customers.name }]
writes: { customers: { update: [name] } }
result: {}
`,
    shelfSeen,
  ),
  ...handler("nameCustomer", "name-customer", "writes.customers.update(state.customer, { name: newId() });"),
});
const countVisit = (state: string) => ({
  "specs/count-visit.usecase.yaml": spec(
    "CountVisit",
    `customerId: uuid, ${email}`,
    `
${state}policies: [{ permission: customers.visit }]
writes: { customers: { increment: [visits] } }
result: {}
`,
    shelfSeen,
  ),
  ...handler("countVisit", "count-visit", "writes.customers.increment({ id: command.customerId }, { visits: 1 });"),
});
const shelf = "  shelf: { advisoryLock: command.email }\n";

export const deadlocksByWrites: readonly DeadlockCase[] = [
  {
    name: "rows that a delete takes along",
    bad: {
      ...dropOrder,
      ...countLine(`  line: { table: lines, where: { id: command.lineId }, lock: no key update }
  order: { table: orders, where: { id: line.orderId }, lock: no key update }`),
    },
    good: {
      "usecase.config.yaml": config("orders, lines"),
      ...dropOrder,
      ...countLine(
        `  lineFound: { table: lines, where: { id: command.lineId } }
  line: { table: lines, where: { id: lineFound.id }, lock: no key update }
  order: { table: orders, where: { id: lineFound.orderId }, lock: no key update }`,
        "[{ permission: lines.count }, { rule: line.orderId == order.id }]",
      ),
    },
    calls: [
      ["dropOrder", "orderId"],
      ["countLine", "lineId"],
    ],
    found:
      "specs/count-line.usecase.yaml:8 lock/foreign-key Two calls can wait for each other: CountLine locks lines before orders, DropOrder locks orders before lines.",
    related: [
      "specs/count-line.usecase.yaml:7 CountLine locks lines (line)",
      "specs/count-line.usecase.yaml:8 and while it holds that, locks orders (order)",
      "specs/drop-order.usecase.yaml:7 DropOrder locks orders (order)",
      "specs/drop-order.usecase.yaml:9 and while it holds that, takes along rows of lines",
    ],
    help: /^In specs\/count-line.usecase.yaml, find line without a lock first, as lineFound, .* And in usecase.config.yaml say `lockOrder: \[orders, lines\]`\.$/,
    refusals: ["NotFound"],
  },
  {
    name: "rows that refer to a key which an update changes",
    bad: { ...renameMail, ...dropLetter("update") },
    good: { ...renameMail, ...dropLetter("no key update") },
    calls: [
      ["renameMail", "customerId"],
      ["dropLetter", "letterId"],
    ],
    found:
      "specs/drop-letter.usecase.yaml:7 lock/foreign-key Two calls can wait for each other: RenameMail locks customers before letters, DropLetter locks letters before customers.",
    related: [
      "specs/rename-mail.usecase.yaml:7 RenameMail locks customers (customer)",
      "specs/rename-mail.usecase.yaml:9 and while it holds that, looks for rows of letters that refer to customers",
      "specs/drop-letter.usecase.yaml:7 DropLetter locks letters (letter)",
      "specs/drop-letter.usecase.yaml:8 and while it holds that, locks customers (customer)",
    ],
    help: /^In specs\/drop-letter.usecase.yaml, `no key update` is enough for state.letter.lock/,
    refusals: ["NotFound", "StillUsed"],
  },
  {
    name: "an upsert, after another table's row was locked",
    bad: {
      ...noteBuyer,
      ...closeAccount(`  customer: { table: customers, where: { id: command.customerId }, lock: no key update }
  orders: { table: orders, where: { customerId: customer.id }, cardinality: many, lock: no key update }`),
    },
    good: {
      "usecase.config.yaml": config("orders, customers"),
      ...noteBuyer,
      ...closeAccount(`  customerFound: { table: customers, where: { id: command.customerId } }
  customer: { table: customers, where: { id: customerFound.id }, lock: no key update }
  orders: { table: orders, where: { customerId: customerFound.id }, cardinality: many, lock: no key update }`),
    },
    calls: [
      ["noteBuyer", "orderId", "email"],
      ["closeAccount", "customerId"],
    ],
    found:
      "specs/close-account.usecase.yaml:8 lock/order-cycle Two calls can wait for each other: CloseAccount locks customers before orders, NoteBuyer locks orders before customers.",
    related: [
      "specs/close-account.usecase.yaml:7 CloseAccount locks customers (customer)",
      "specs/close-account.usecase.yaml:8 and while it holds that, locks orders (orders)",
      "specs/note-buyer.usecase.yaml:7 NoteBuyer locks orders (order)",
      "specs/note-buyer.usecase.yaml:9 and while it holds that, upserts customers",
    ],
    help: /^In specs\/close-account.usecase.yaml, find customer without a lock first, as customerFound, .* And in usecase.config.yaml say `lockOrder: \[orders, customers\]`\.$/,
  },
  {
    name: "the order of an event's key, taken between a lock and an unlocked write",
    bad: { ...countVisit(""), ...nameCustomer("") },
    good: { ...countVisit(`state:\n${shelf}`), ...nameCustomer(shelf) },
    calls: [
      ["countVisit", "customerId", "email"],
      ["nameCustomer", "customerId", "email"],
    ],
    lastComesLate: true,
    found:
      "specs/name-customer.usecase.yaml:13 lock/order-cycle Two calls can wait for each other: NameCustomer locks customers before the keys of events, CountVisit locks the keys of events before customers.",
    related: [
      "specs/name-customer.usecase.yaml:7 NameCustomer locks customers (customer)",
      "specs/name-customer.usecase.yaml:13 and while it holds that, takes its place in the order of ShelfSeen",
      "specs/count-visit.usecase.yaml:11 CountVisit takes its place in the order of ShelfSeen",
      "specs/count-visit.usecase.yaml:7 and while it holds that, increments customers",
    ],
    help: /or take an `advisoryLock` with one key first\.$/,
  },
];
