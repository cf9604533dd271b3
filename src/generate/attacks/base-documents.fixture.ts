// Sound documents that together have a text in every position of the language: each attack is one of them with one text
// changed.
import { everyForm } from "../every-form.fixture.js";

const rest = `usecase: TheRest
summary: What the other specs have no place for.
owner: The team
tags: [records, records.rest]
deprecated: Use DoEverything.
command:
  recordId: uuid
  words: { items: { type: string, maxLength: 20 }, maxItems: 10 }
  code:
    type: string
    title: A code
    description: Three letters.
    pattern: "^[a-z]{3}$"
    maxLength: 3
    examples: [abc, { text: abc }]
  kind: { enum: [one, two], default: one }
  place: { fields: { town: { type: string, maxLength: 10 } }, default: { town: here } }
  constant: { const: { town: here }, type: json }
idempotency: { key: caller, scope: tenant, retention: 2h }
state:
  record:
    table: records
    where: { id: command.recordId }
    lock: no key update
  others:
    table: records
    where:
      title: { eq: command.code, ilike: command.code, notIn: command.words, when: command.code != 'x' }
      tags: { arrayContains: command.words }
      state: { eq: { const: calm } }
      meta: { eq: { const: { town: here } } }
      OR: [{ meta: { const: { town: here } } }]
    cardinality: many
    limit: 5
    tenant: none
policies:
  - { permission: records.rest, resource: record, error: NotThere, when: record.active }
  - { check: ready, error: Bad, when: record.active }
  - { policy: careful, when: record.active }
writes:
  records: { update: [title] }
result:
  title:
    type: string
    title: The title
    description: As it was.
    pattern: "^.*$"
    examples: [abc, { text: abc }]
    default: abc
    from: record.title
  kind: { enum: [one, two] }
  constant: { const: { town: here }, type: json }
  place: { fields: { town: string }, default: { town: here } }
errors:
  - NotThere
  - Bad: conflict
  - Worse
audit: { action: records.rest, reason: optional }
events: [RestDone]
jobs:
  - RestLater
  - RestOnce: { key: record.id, when: record.active, cardinality: optional, delay: 30s, payload: { id: { from: record.id } } }
transaction: { isolation: read committed, lockTimeout: 1s, statementTimeout: 2s }
`;

const shortErrors = `usecase: ShortErrors
summary: Errors as a mapping.
command: { flag: boolean }
idempotency: none
policies:
  - { rule: command.flag, error: Bad }
writes: { logs: [insert] }
result: {}
errors: { Bad: conflict }
`;

/** What lint may not let through yet; the attacks on it are tried all the same. */
const outside = `usecase: FromOutside
summary: Started by others, and by itself.
command: { id: uuid }
idempotency: { key: caller }
prepare:
  quote: { fields: { due: decimal }, timeout: 3s, error: Unavailable }
state:
  record: { table: records, where: { id: command.id }, lock: no key update }
policies: [{ permission: records.outside }]
writes: { records: { update: [title] } }
result: {}
triggers:
  - { job: RestLater, command: { id: job.payload.id } }
  - { event: RestDone, version: 1, command: { id: event.payload.id }, ignore: [NotFound] }
  - { schedule: "*/5 * * * *", command: { id: "'00000000-0000-4000-8000-000000000001'" }, ignore: [NotFound] }
`;

const direct = `usecase: DirectWrite
summary: Write through Drizzle.
command: {}
idempotency: { key: caller }
policies: [{ permission: records.direct }]
tx: write
result: {}
`;

const shared = `types:
  Word: { type: string, title: A word, description: One word., pattern: "^[a-z]+$", maxLength: 10, examples: [abc, { text: abc }], default: abc }
  Words: { items: Word }
  Line: string
  Place: { fields: { town: Word, "region?": { enum: [north, south] } }, default: { town: here } }
  Fixed: { const: { town: here }, type: json }
errors:
  Worse: { kind: conflict, message: It is worse., details: { town: string }, constraint: records_pkey }
  Shorter: conflict
events:
  RestDone:
    version: 1
    key: record.id
    cardinality: one
    when: record.active
    payload:
      id: { from: record.id }
      word: { type: string, title: A word, description: One word., pattern: "^[a-z]+$", examples: [abc, { text: abc }], default: abc, from: record.title }
      kind: { enum: [one, two], from: command.kind }
      words: { items: string, from: command.words }
      constant: { const: { town: here }, type: json, from: command.constant }
      place: { fields: { town: string }, default: { town: here }, from: command.place }
      plain: boolean
jobs:
  RestLater:
    key: record.id
    cardinality: optional
    when: record.active
    at: record.startsAt
    dedupeKey: record.id
    payload: { id: { from: record.id } }
  RestSoon: { delay: 30s, payload: { plain: boolean } }
policies:
  careful:
    - { permission: records.careful, resource: record, error: NotThere, when: record.active }
    - { rule: record.active, error: Worse, with: { town: record.title }, when: record.active }
    - { check: fits, error: Bad, when: record.active }
    - { policy: calm, when: record.active }
  calm:
    - { check: isCalm, error: Bad }
`;

const machine = `machine: Kind
description: What kind it is.
table: records
field: kind
initial: calm
states:
  calm:
    description: It does not move.
    on: { excite: { target: "it's fine", description: It starts. } }
  "it's fine": { type: final }
`;

const config = `$schema: ../schema/config.schema.json
schema: [src/db/schema.ts]
specs: specs
out: src/usecases
migrations: drizzle
lockOrder: [records, repositories]
tenant: { column: tenantId, value: actor.tenantId }
version: { column: version }
session: { app.user_id: actor.id }
services: src/services.ts
secretColumns: { memberships: [role] }
actor:
  claims:
    plan: { enum: [free, pro], default: free }
    code: { type: string, title: A code, description: Three letters., pattern: "^[a-z]{3}$", examples: [abc, { text: abc }] }
    list: { items: string }
    town: { const: { town: here }, default: { town: here }, type: json }
    name: string
rows: { memberships: Membership }
imports: .js
templates: usecase-templates
format: ["true"]
tables: { schema: own_tables, migrations: drizzle }
casing: snake_case
transaction: { lockTimeout: 2s, statementTimeout: 5s, retries: 3 }
lint: { rules: { audit/reason-optional: off } }
`;

/** Texts by path: a whole project. */
export const baseDocuments: Readonly<Record<string, string>> = {
  ...everyForm,
  "usecase.config.yaml": config,
  "specs/rest.shared.yaml": shared,
  "specs/kind.machine.yaml": machine,
  "specs/the-rest.usecase.yaml": rest,
  "specs/short-errors.usecase.yaml": shortErrors,
};

/** Documents whose positions are tried though the runtime may not execute them yet. */
export const laterDocuments: Readonly<Record<string, string>> = {
  "specs/from-outside.usecase.yaml": outside,
  "specs/direct-write.usecase.yaml": direct,
};
