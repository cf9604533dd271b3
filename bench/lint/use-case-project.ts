import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { camelCase, kebabCase } from "../../src/spec/names.js";
import { type Domain, domains, type Operation, operations, type Verb } from "./domains.js";

/** Writes a project with `count` use cases of some fifty lines each, a machine and shared types per domain, and their schema. */
export function writeUseCaseProject(folder: string, count: number): void {
  mkdirSync(join(folder, "specs/shared"), { recursive: true });
  const all = domains(count);
  writeFileSync(join(folder, "usecase.config.yaml"), config);
  writeFileSync(join(folder, "schema.ts"), schemaModule(all));
  for (const [index, domain] of all.entries()) {
    const name = kebabCase(domain.type);
    // Each domain's types lead to the next domain's, and the last to the first.
    const next = all[(index + 1) % all.length] ?? domain;
    writeFileSync(join(folder, `specs/shared/${name}.shared.yaml`), sharedFile(domain, next));
    writeFileSync(join(folder, `specs/shared/${name}.machine.yaml`), machineFile(domain));
  }
  for (const operation of operations(count)) {
    const inside = join(folder, "specs", kebabCase(operation.domain.type));
    mkdirSync(inside, { recursive: true });
    // A load is called after what it loads, as people do: expressions then differ from domain to domain.
    const text = spec(operation).replaceAll(/\bdocument\b/g, camelCase(operation.domain.type));
    writeFileSync(join(inside, `${kebabCase(operation.name)}.usecase.yaml`), text);
  }
}

const config = `\
schema: schema.ts
out: src/usecases
tenant: { column: tenantId, value: actor.tenantId }
transaction: { lockTimeout: 2s, statementTimeout: 5s, retries: 3 }
`;

const snake = (name: string) => kebabCase(name).replaceAll("-", "_");

function schemaModule(all: readonly Domain[]): string {
  return `\
import { sql } from "drizzle-orm";
import { check, index, integer, numeric, pgEnum, pgTable, text, timestamp, uniqueIndex, uuid } from "drizzle-orm/pg-core";
${all.map(domainTables).join("")}`;
}

function domainTables({ type, table, lines, stock }: Domain): string {
  return `
export const status${type} = pgEnum("${snake(type)}_status", ["draft", "submitted", "approved", "closed", "cancelled"]);

export const ${table} = pgTable(
  "${snake(table)}",
  {
    id: uuid().primaryKey(),
    tenantId: text("tenant_id").notNull(),
    number: text().notNull(),
    customerId: uuid("customer_id").notNull(),
    ownerId: uuid("owner_id"),
    status: status${type}().notNull().default("draft"),
    total: numeric({ precision: 12, scale: 2 }).notNull(),
    note: text(),
    dueAt: timestamp("due_at", { withTimezone: true }).notNull(),
    closedAt: timestamp("closed_at", { withTimezone: true }),
  },
  (table) => [uniqueIndex("${snake(table)}_number_unique").on(table.tenantId, table.number), check("${snake(table)}_total_check", sql\`\${table.total} >= 0\`)],
);

export const ${lines} = pgTable(
  "${snake(lines)}",
  {
    id: uuid().primaryKey(),
    tenantId: text("tenant_id").notNull(),
    parentId: uuid("parent_id").notNull().references(() => ${table}.id),
    sku: text().notNull(),
    quantity: integer().notNull(),
    price: numeric({ precision: 12, scale: 2 }).notNull(),
  },
  (table) => [index("${snake(lines)}_parent").on(table.tenantId, table.parentId)],
);

export const ${stock} = pgTable(
  "${snake(stock)}",
  {
    id: uuid().primaryKey(),
    tenantId: text("tenant_id").notNull(),
    sku: text().notNull(),
    locationId: uuid("location_id").notNull(),
    quantity: integer().notNull(),
    reserved: integer().notNull().default(0),
  },
  (table) => [uniqueIndex("${snake(stock)}_place").on(table.tenantId, table.sku, table.locationId), check("${snake(stock)}_quantity_check", sql\`\${table.quantity} >= 0\`)],
);
`;
}

function sharedFile({ type, lines }: Domain, next: Domain): string {
  return `\
# yaml-language-server: $schema=../../node_modules/usecasecore/schema/shared.schema.json
types:
  ${type}Sku: { type: string, minLength: 1, maxLength: 64, pattern: "^[A-Z0-9-]+$" }
  ${type}LineInput:
    description: A line as the caller gives it.
    fields:
      sku: ${type}Sku
      quantity: { type: integer, minimum: 1, maximum: 10000 }
      price: decimal
      related?: { type: ${next.type}Reference, nullable: true }
  ${type}Reference:
    fields:
      id: uuid
      number: { type: string, minLength: 1, maxLength: 32 }
      next?: { type: ${next.type}Reference, nullable: true }

errors:
  ${type}NotFound: { kind: not-found, message: There is no such document. }

policies:
  mayChange${type}:
    - permission: ${lines}.change
`;
}

function machineFile({ type, table }: Domain): string {
  return `\
# yaml-language-server: $schema=../../node_modules/usecasecore/schema/machine.schema.json
machine: ${type}
table: ${table}
field: status
initial: draft
states:
  draft: { on: { submit: submitted, cancel: cancelled } }
  submitted: { on: { approve: approved, cancel: cancelled } }
  approved: { on: { close: closed } }
  closed: { type: final }
  cancelled: { type: final }
`;
}

function spec(operation: Operation): string {
  const { name, verb, domain } = operation;
  return `\
# yaml-language-server: $schema=../../node_modules/usecasecore/schema/usecase.schema.json
usecase: ${name}
summary: ${summary(name)}
tags: [${domain.table}]

${(templates[verb] ?? change)(operation)}`;
}

function summary(name: string): string {
  const [verb = "", ...rest] = kebabCase(name).split("-");
  return `${verb.charAt(0).toUpperCase()}${verb.slice(1)} ${rest.join(" ")} as the caller asks.`;
}

type Template = (operation: Operation) => string;

const create: Template = ({ name, domain: { type, table, lines, stock } }) => `\
command:
  number: { type: string, minLength: 1, maxLength: 32 }
  customerId: uuid
  dueAt: timestamp
  lines: { items: ${type}LineInput, minItems: 1, maxItems: 200 }
  note?: { type: string, maxLength: 500 }

idempotency:
  key: caller
  retention: 48h

state:
  stocked:
    table: ${stock}
    where:
      sku: { in: "command.lines.map(l, l.sku)" }
    cardinality: many
    limit: 1000

policies:
  - permission: ${table}.create
  - rule: "command.lines.map(l, l.sku).isUnique()"
    error: SkuTwice
  - rule: "command.lines.all(l, stocked.exists(s, s.sku == l.sku))"
    error: UnknownProduct
  - rule: command.dueAt > now
    error: DueInThePast
    with: { dueAt: command.dueAt }

writes:
  ${table}: [insert]
  ${lines}: [insert]

result:
  ${table}Id: uuid
  total: decimal
  createdAt: { type: timestamp, from: now }

errors:
  UnknownProduct: { kind: not-found, message: A line names a product that does not exist. }
  SkuTwice: { kind: invalid, message: Two lines name the same SKU. }
  DueInThePast: { kind: invalid, details: { dueAt: timestamp } }
  NumberTaken:
    kind: conflict
    message: A document with this number exists.
    constraint: ${snake(table)}_number_unique
  NegativeTotal: { kind: invalid, constraint: ${snake(table)}_total_check }

audit:
  action: ${kebabCase(type)}.created
  subject: { type: ${type}, id: result.${table}Id }

events:
  ${type}Created:
    version: 1
    key: result.${table}Id
    payload:
      id: { from: result.${table}Id }
      customerId: { from: command.customerId }
      total: { from: result.total }

jobs:
  Announce${name}:
    payload:
      customerId: { from: command.customerId }
    dedupeKey: command.customerId
`;

const get: Template = ({ domain: { type, table, lines } }) => `\
command:
  id: uuid

state:
  document:
    table: ${table}
    where: { id: command.id }
    missing: ${type}NotFound
  lines:
    table: ${lines}
    where: { parentId: command.id }
    cardinality: many
    orderBy: [sku, { id: desc }]
    limit: 500

policies:
  - permission: ${table}.read
    resource: document
    error: ${type}NotFound

result:
  number: { from: document.number }
  status: { from: document.status }
  total: { from: document.total }
  lines:
    items: { fields: { sku: string, quantity: integer } }
    from: "lines.map(l, {'sku': l.sku, 'quantity': l.quantity})"
  closedAt: { type: timestamp, nullable: true, from: document.closedAt }

errors: [${type}NotFound]
`;

const events = { Submit: "submit", Approve: "approve", Close: "close", Cancel: "cancel" } as const;

const move: Template = ({ name, domain: { type, stock } }) => `\
command:
  sku: ${type}Sku
  fromLocationId: uuid
  toLocationId: uuid
  quantity: { type: integer, minimum: 1, maximum: 1000000 }
  note?: { type: string, maxLength: 500, secret: true }

idempotency:
  key: caller

state:
  source:
    table: ${stock}
    where: { sku: command.sku, locationId: command.fromLocationId }
    lock: no key update
    missing: BalanceNotFound
  destination:
    table: ${stock}
    where: { sku: command.sku, locationId: command.toLocationId }
    lock: no key update
    missing: BalanceNotFound

policies:
  - permission: ${stock}.move
  - rule: command.fromLocationId != command.toLocationId
    error: SameLocation
  - rule: source.quantity - source.reserved >= command.quantity
    error: InsufficientStock
    with: { available: source.quantity - source.reserved, requested: command.quantity }
  - check: withinMovingHours
    error: OutsideMovingHours

writes:
  ${stock}: { update: [quantity, reserved] }

result:
  sourceQuantity: integer
  destinationQuantity: integer

errors:
  BalanceNotFound: { kind: not-found }
  SameLocation: { kind: invalid, message: Source and destination are the same location. }
  InsufficientStock:
    kind: conflict
    message: Not enough stock at the source.
    details: { available: integer, requested: integer }
  NegativeStock: { kind: conflict, constraint: ${snake(stock)}_quantity_check }
  OutsideMovingHours: { kind: conflict }

audit:
  action: ${kebabCase(name)}
  subject: { type: ${type}, id: source.id }
  reason: required

events:
  ${name}Moved:
    version: 1
    key: source.id
    payload:
      sku: { type: string, from: command.sku }
      quantity: { type: integer, from: command.quantity }

jobs:
  ${name}Replenish:
    when: source.quantity - command.quantity < 10
    payload:
      sku: { type: string, from: command.sku }
      locationId: { type: uuid, from: command.fromLocationId }
    delay: 30s
    maxAttempts: 8
    dedupeKey: command.sku
`;

const changedLines: Template = ({ name, domain: { type, table, lines } }) => `\
command:
  id: uuid
  lines: { items: ${type}LineInput, minItems: 1, maxItems: 50 }

idempotency:
  key: caller

state:
  document:
    table: ${table}
    where: { id: command.id }
    lock: no key update
    missing: ${type}NotFound
  present:
    table: ${lines}
    where:
      parentId: document.id
      sku: { in: "command.lines.map(l, l.sku)" }
    cardinality: many
    lock: no key update

policies:
  - policy: mayChange${type}
  - rule: document.status == 'draft'
    error: NotADraft
  - rule: "command.lines.all(l, l.quantity > 0)"
    error: NothingToDo
    when: "present.size() == 0"

writes:
  ${lines}: { insert: true, update: [quantity, price] }
  ${table}: { update: [total] }

result:
  total: decimal
  lineIds: { items: uuid }

errors:
  - ${type}NotFound
  - NotADraft: { kind: conflict, message: Only a draft can be changed. }
  - NothingToDo: unprocessable
  - NegativeTotal: { kind: invalid, constraint: ${snake(table)}_total_check }

audit:
  subject: { type: ${type}, id: document.id }

events:
  ${name}Done:
    version: 1
    key: document.id
    payload:
      id: { from: document.id }
      total: { from: result.total }
`;

const change: Template = ({ name, verb, domain: { type, table } }) => {
  const event = (events as Partial<Record<Verb, string>>)[verb];
  return `\
command:
  id: uuid
  note: { type: string, minLength: 1, maxLength: 500 }
  ownerId?: uuid
  dueAt?: timestamp

idempotency:
  key: caller

state:
  document:
    table: ${table}
    where: { id: command.id }
    lock: no key update
    missing: ${type}NotFound

policies:
  - policy: mayChange${type}
  - rule: document.dueAt - now < duration('720h')
    when: "document.status == 'draft' || document.status == 'submitted'"
    error: TooLate
  - rule: decimal(document.total) >= decimal('0')
    error: NotAllowed
    with: { total: document.total }
${event === undefined ? "" : `\ntransitions:\n  - { state: document, machine: ${type}, event: ${event} }\n`}
writes:
  ${table}: { update: [note, ownerId, dueAt, closedAt] }

result:
  number: { from: document.number }
  changedAt: { type: timestamp, from: now }

errors:
  - ${type}NotFound
  - TooLate: { kind: gone, message: A document can be changed within 30 days. }
  - NotAllowed: { kind: forbidden, details: { total: decimal } }
  - NegativeTotal: { kind: invalid, constraint: ${snake(table)}_total_check }

audit:
  action: ${kebabCase(name)}
  subject: { type: ${type}, id: document.id }
  reason: optional

events:
  ${name}Done:
    version: 1
    key: document.id
    payload:
      id: { from: document.id }
      number: { type: string, from: document.number }
      ownerId?: { from: command.ownerId }

jobs:
  Notify${name}:
    payload:
      id: { from: document.id }
    maxAttempts: 5
    dedupeKey: document.id
`;
};

const templates: Partial<Record<Verb, Template>> = {
  Create: create,
  Get: get,
  Inspect: get,
  AddLineTo: changedLines,
  RemoveLineFrom: changedLines,
  Reprice: changedLines,
  MoveStockFor: move,
  ReserveStockFor: move,
  ReleaseStockFor: move,
};
