// A project that uses every form of the language that the runtime executes, with names chosen to get in each other's way.

const schema = `import { eq, sql } from "drizzle-orm";
import { bigint, boolean, date, integer, jsonb, numeric, pgEnum, pgTable, pgView, primaryKey, serial, text, timestamp, uuid } from "drizzle-orm/pg-core";

export const mood = pgEnum("mood", ["calm", "it's fine"]);

export const records = pgTable("records", {
  id: uuid().primaryKey(),
  tenantId: text("tenant_id").notNull(),
  state: mood().notNull(),
  kind: mood(),
  title: text().notNull(),
  amount: numeric({ precision: 12, scale: 2 }).notNull(),
  big: bigint({ mode: "bigint" }).notNull(),
  count: integer().notNull().default(0),
  tags: text().array(),
  meta: jsonb(),
  due: date(),
  startsAt: timestamp("starts_at", { withTimezone: true }).notNull(),
  textTime: timestamp("text_time", { withTimezone: true, mode: "string" }).notNull(),
  active: boolean().notNull().default(true),
  doubled: integer().generatedAlwaysAs(sql\`count * 2\`),
  version: bigint({ mode: "bigint" }).notNull(),
  parentId: integer("parent_id").references(() => repositories.id),
});

export const repositories = pgTable("repositories", { id: serial().primaryKey(), name: text().notNull().unique() });

export const numbered = pgTable("numbered", {
  id: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
  tenantId: text("tenant_id").notNull(),
  note: text(),
  version: integer().notNull(),
});

export const memberships = pgTable(
  "memberships",
  { tenantId: text("tenant_id").notNull(), userId: uuid("user_id").notNull(), role: text().notNull(), visits: integer().notNull() },
  (table) => [primaryKey({ columns: [table.tenantId, table.userId] })],
);

export const logs = pgTable("logs", { line: text().notNull() });

export const dearRecords = pgView("dear_records").as((query) =>
  query
    .select({ id: records.id, tenantId: records.tenantId, label: records.title, amount: records.amount, parent: repositories.name })
    .from(records)
    .leftJoin(repositories, eq(repositories.id, records.parentId)),
);
export const recordTotals = pgView("record_totals", { title: text().notNull(), sum: numeric({ precision: 12, scale: 2 }) })
  .as(sql\`select title, sum(amount) as sum from records group by title\`);
`;

const config = `schema: src/db/schema.ts
out: src/usecases
migrations: drizzle
tenant: { column: tenantId, value: actor.tenantId }
version: { column: version }
session: { app.user_id: actor.id, app.user_type: "actor.type == 'user' ? 'user' : 'other'" }
services: src/services.ts
secretColumns: { memberships: [role] }
actor: { claims: { plan: { enum: [free, pro] } } }
rows: { memberships: Membership }
`;

const services = `export interface Services {
  readonly pricing: { price(sku: string): string };
  readonly mailer: { send(): void };
}
`;

const shared = `types:
  Address:
    description: Where something is sent to.
    fields:
      street: { type: string, maxLength: 200, description: "With the number. */ export const evil = 1; /*" }
      country: { enum: [de, at, ch], default: de }
      lines?: { items: string }
  Level: { type: integer, enum: [1, 2, 3] }
  Nested: { items: { fields: { to: Address, level: Level } } }
  Tree: { fields: { name: string, children: { items: Tree } } }
errors:
  NotThere: { kind: not-found }
`;

const machine = `machine: Mood
table: records
field: state
initial: calm
states:
  calm: { on: { excite: "it's fine" } }
  "it's fine": { type: final }
`;

const everything = `usecase: DoEverything
summary: Do everything that there is. */ evil()
description: |
  Several lines,

  with a gap.
command:
  recordId: uuid
  userId: uuid
  title: { type: string, maxLength: 100, default: "a \\"quoted\\" 'title' with a \\\\ and \`ticks\`" }
  amount: decimal
  at: timestamp
  day: date
  big: bigint
  to: Address
  nested?: Nested
  tree?: Tree
  level: Level
  choice: { enum: [a, b], nullable: true }
  exactly: { const: 7, type: integer }
  flag?: boolean
  anything?: json
  card: { fields: { number: { type: string, maxLength: 20, secret: true }, name: string } }
idempotency: { key: command.recordId, scope: actor, retention: 7d, fingerprint: command.title }
state:
  record:
    table: records
    where: { id: command.recordId }
    lock: no key update
    missing: NotThere
  same:
    table: records
    where: { id: record.id }
    columns: [id, title, count]
    cardinality: optional
    when: has(command.flag)
  member:
    table: memberships
    where: { userId: command.userId }
    lock: update
    wait: nowait
  others:
    table: records
    where:
      OR:
        - { title: { like: command.title } }
        - { count: { gte: record.count, lt: 100 }, kind: { const: calm } }
      NOT: { active: false }
      amount: { gt: command.amount }
      big: command.big
      due: { isNotNull: true }
      startsAt: { lte: command.at }
      textTime: { ne: command.at }
    cardinality: many
    orderBy: [{ count: desc }, title]
    limit: 50
  byName:
    table: repositories
    where: { name: { in: "others.map(o, o.title)" } }
    cardinality: many
    keyBy: name
policies:
  - permission: do.everything
  - rule: record.count < 10 && (record.active || command.title == 'x') || size(others) == 0 && !has(command.flag) || command.title.startsWith('something long')
    error: TooMuch
    with: { count: record.count, wanted: command.amount, when: record.startsAt }
  - rule: "actor.type == 'user'"
    when: has(command.flag)
  - check: seemsRight
  - check: fits
    error: TooMuch
transitions:
  - { state: record, machine: Mood, event: excite, when: record.count > 0 }
writes:
  records: { update: [title, count], increment: [count] }
  numbered: [delete]
  memberships: [insert, update, delete]
  logs: [insert]
  repositories: { update: [name] }
result:
  ok: boolean
  token: { type: string, secret: true }
  list: { items: { fields: { a: string, "b?": integer } } }
  startsAt: { from: record.startsAt }
  first: { from: "size(others) > 0 ? others[0].title : null" }
  kind: { from: record.kind }
  total: { from: "sum(others.map(o, decimal(o.amount)))" }
errors:
  - NotThere
  - TooMuch:
      kind: unprocessable
      message: "Too \\"much\\""
      details: { count: integer, wanted: decimal, "when?": timestamp, "to?": Address }
  - Taken: { kind: conflict, constraint: [repositories_name_unique, numbered_pkey] }
audit: { subject: { type: Record, id: record.id } }
uses: [pricing]
events:
  Given: { version: 2, key: record.id, payload: { a: string, "b?": { items: Level } } }
  Many: { version: 1, cardinality: many, key: payload.name, payload: { name: string, at: { from: now } } }
  Maybe: { version: 1, cardinality: optional, key: command.userId, payload: { title: { from: record.title } } }
  Sometimes: { version: 1, when: result.ok, key: member.userId, payload: { tags: { from: record.tags }, to: { from: command.to } } }
jobs:
  Later:
    at: record.startsAt - duration('1h')
    payload: { id: { from: record.id }, "flag?": { from: command.flag } }
    dedupeKey: payload.id
transaction: { isolation: serializable, lockTimeout: 1500ms, retries: 5 }
`;

const counting = `usecase: KeepCount
summary: Take numbers and locks.
command: { recordId: uuid, title: { type: string, maxLength: 10 }, flag?: boolean }
idempotency: { key: caller }
state:
  gate: { advisoryLock: command.title, when: has(command.flag) }
  record: { table: records, where: { id: command.recordId }, lock: no key update }
  number: { sequence: numbered.id }
  totals:
    table: records
    where: { title: command.title }
    aggregate:
      rows: count
      kinds: { count: kind }
      total: { sum: amount }
      counts: { sum: count }
      doubled: { sum: doubled }
      biggest: { max: big }
      first: { min: startsAt }
      mean: { avg: amount }
      usual: { avg: count }
  some: { table: repositories, where: { name: command.title }, aggregate: { rows: count }, when: has(command.flag) }
  repositoryId: { sequence: repositories.id, when: record.active }
policies:
  - permission: records.count
  - rule: totals.rows < 10 && decimal(totals.total) < decimal('100') && totals.counts + totals.doubled < 100 && (totals.usual == null || totals.usual < 3.5)
  - rule: totals.first == null || totals.first < now
writes:
  numbered: [insert]
  repositories: { insert: true, upsert: { key: [name], update: [name] } }
result:
  number: { from: number }
  repositoryId: { from: repositoryId }
  total: { from: totals.total }
  biggest: { from: totals.biggest }
  mean: { from: totals.mean }
  some: { from: "some == null ? 0 : some.rows" }
errors:
  Taken: { kind: conflict, constraint: repositories_name_unique }
`;

const putting = `usecase: PutMember
summary: Put a member, whether or not he is there.
command: { userId: uuid, role: { enum: [owner, guest] } }
idempotency: { key: caller, refusals: remember }
policies: [{ permission: members.put }]
writes:
  memberships: { upsert: { key: [tenantId, userId], update: [role, visits] } }
result: {}
`;

const clearing = `usecase: ClearRecords
summary: Delete what a condition finds.
command: { least?: decimal, title: { type: string, maxLength: 10 }, before: timestamp, ids: { items: uuid, maxItems: 10 }, note: { type: string, maxLength: 10 } }
idempotency: { key: caller }
policies: [{ permission: records.clear }]
writes:
  records:
    insert: true
    update: [title]
    increment: [count]
    delete:
      where:
        title: command.title
        amount: { gt: command.least, when: has(command.least) }
        startsAt: { lt: command.before }
        OR: [{ id: { in: command.ids } }, { due: { isNull: true } }]
        NOT: { state: { const: calm } }
  logs: { delete: { where: { line: command.note } } }
result: {}
`;

const quoting = `usecase: QuoteRecord
summary: Ask somebody outside what a record costs, and note it.
command: { recordId: uuid, amount: { type: decimal, secret: true } }
idempotency: { key: caller }
prepare:
  quote:
    fields:
      due: decimal
      "reference?": { type: string, maxLength: 20 }
      to: Address
      by: timestamp
      code: { type: string, secret: true }
    timeout: 1500ms
    error: NoQuote
  rating: { fields: {} }
  stockFree: { fields: { left: integer } }
state:
  record: { table: records, where: { id: command.recordId, amount: { lte: prepare.quote.due } }, lock: no key update }
policies:
  - permission: records.quote
    resource: prepare.quote.due
  - rule: decimal(prepare.quote.due) <= decimal(command.amount) && prepare.quote.to.country != 'ch'
    error: TooDear
    with: { due: prepare.quote.due }
  - check: seemsFair
writes:
  records: { update: [title] }
result:
  due: { from: prepare.quote.due }
  reference: { from: prepare.quote.reference }
errors:
  NoQuote: { kind: rate-limited }
  TooDear: { kind: conflict, details: { due: decimal } }
uses: [pricing]
events:
  RecordQuoted: { key: record.id, payload: { due: { from: prepare.quote.due }, by: { from: prepare.quote.by } } }
`;

const sweeping = `usecase: SweepRecords
summary: Start by all that can start it.
tenant: none
command: { title: { type: string, maxLength: 100 }, at?: timestamp, batch: { type: integer, default: 10 } }
idempotency: { key: caller }
policies: none
writes: { logs: [insert] }
result: {}
errors: { Swept: conflict }
jobs: { SweepAgain: { cardinality: optional, payload: { title: { type: string, maxLength: 100 }, at: { from: now } } } }
triggers:
  - { job: SweepAgain, ignore: [Swept, LockTimeout] }
  - { job: Later, command: { title: job.payload.id } }
  - { event: Maybe, command: { title: event.payload.title } }
  - { event: Given, version: 2, command: { title: "event.id + event.payload.a", batch: "has(event.payload.b) ? size(event.payload.b) : 1" } }
  - { schedule: "*/5 * * * mon-fri", timeZone: Europe/Berlin, missed: all, command: { title: "'\\"slot\\"'", at: slot } }
  - { schedule: "0 0 1 * *", missed: none, command: { title: "'monthly'", batch: 100 } }
`;

const reading = `usecase: CountLines
summary: Count lines by a query of one's own.
command: { line: { type: string, maxLength: 10 } }
policies: [{ permission: lines.count }]
tx: read
result: { lines: integer }
`;

const patching = `usecase: PatchLines
summary: Change lines by statements of one's own.
command: { line: { type: string, maxLength: 10 }, userId: uuid }
idempotency: { key: caller }
policies: [{ permission: lines.patch }]
writes:
  logs: { insert: true, delete: { where: { line: command.line } } }
  memberships: [insert, update]
state: { member: { table: memberships, where: { userId: command.userId }, cardinality: optional, lock: no key update } }
tx: write
result: { lines: integer }
`;

const asking = `usecase: AskRating
summary: Ask somebody outside, and tell.
command: { title: { type: string, maxLength: 10 } }
prepare: { rating: { fields: { stars: integer } } }
policies: [{ permission: ratings.ask }]
result: { stars: { from: prepare.rating.stars } }
`;

const nothing = `usecase: TouchNothingWhateverItsNameMayBeAndHoweverLongItIs
summary: Do next to nothing.
command: {}
idempotency: none
policies: none
writes:
  logs: [insert]
result: {}
`;

const query = `usecase: FindRecords
summary: Find records by title.
tenant: none
command: { title: { type: string, maxLength: 10 } }
state:
  records: { table: records, where: { title: command.title }, cardinality: many, limit: 10 }
  one: { table: repositories, where: { name: command.title }, cardinality: optional }
  dear: { table: dearRecords, where: { label: command.title, amount: { gte: { const: "1.00" } } }, orderBy: [{ amount: desc }], cardinality: many, limit: 10 }
  total: { table: recordTotals, where: { title: command.title }, columns: [sum], orderBy: [title], cardinality: optional }
policies:
  - permission: records.find
result:
  count: integer
  name: { from: "one == null ? null : one.name" }
  dearest: { from: "size(dear) > 0 ? dear[0].label : null" }
  total: { from: "total == null ? null : total.sum" }
`;

/** Texts by path; the specs are sound: lint finds no error in them. */
export const everyForm: Readonly<Record<string, string>> = {
  "usecase.config.yaml": config,
  "src/db/schema.ts": schema,
  "src/services.ts": services,
  "specs/all.shared.yaml": shared,
  "specs/mood.machine.yaml": machine,
  "specs/do-everything.usecase.yaml": everything,
  "specs/keep-count.usecase.yaml": counting,
  "specs/put-member.usecase.yaml": putting,
  "specs/clear-records.usecase.yaml": clearing,
  "specs/quote-record.usecase.yaml": quoting,
  "specs/sweep-records.usecase.yaml": sweeping,
  "specs/count-lines.usecase.yaml": reading,
  "specs/patch-lines.usecase.yaml": patching,
  "specs/ask-rating.usecase.yaml": asking,
  "specs/touch-nothing-whatever-its-name-may-be-and-however-long-it-is.usecase.yaml": nothing,
  "specs/find-records.usecase.yaml": query,
};
