import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import type { JsonSchema } from "../language/json-schema-data.js";
import { type DocumentKind, languageSchemas } from "../language/language-schemas.js";
import type { JsonValue } from "../model.js";
import { readYaml } from "../yaml/read-yaml.js";
import { compileSchema } from "./compile-schema.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const samples = readdirSync(join(root, "specs")).map((name) => `specs/${name}`);
const read = (file: string) => readYaml(file, readFileSync(join(root, file))).value as JsonValue;

/** What the samples have nothing of. */
const rare = `
usecase: ExpireQuotes
summary: Quotes that nobody took.
deprecated: Use CloseQuotes.
command: { tenant: { enum: [a, b] }, lines: { items: { fields: { sku: Sku } }, minItems: 1 }, note?: { type: string, pattern: x } }
idempotency: { key: caller, scope: tenant, retention: 7d, refusals: remember, fingerprint: command.tenant }
prepare: { rates: { fields: { rate: decimal }, timeout: 2s, error: NoRates } }
state:
  id: { sequence: quotes.id }
  guard: { advisoryLock: command.tenant, when: true }
  sums: { table: quotes, aggregate: { total: { sum: amount }, all: count } }
  quotes:
    table: quotes
    where: { OR: [{ a: 1 }, { b: { in: command.lines, when: 1 } }], NOT: { c: { isNull: true } }, d: { eq: { const: 1 } }, e: { const: [] } }
    cardinality: many
    wait: skip locked
    orderBy: [{ createdAt: desc }, id]
    limit: 10
    columns: [id]
policies: [{ permission: quotes.expire, resource: quotes }, { rule: 1 == 1, with: { a: b } }, { check: open }, { policy: shared }]
transitions: [{ state: quotes, machine: Quote, event: EXPIRE }]
writes: { quotes: [insert, update], lines: { increment: [a], upsert: { key: [a], update: [b] }, delete: { where: { a: b } } }, c: { update: true } }
result: { count: { type: integer, from: size(quotes) }, sum: { from: sums.total } }
errors: [Gone, { NoRates: gone }, { Taken: { kind: conflict, constraint: [quotes_taken], details: { by: uuid } } }]
audit: { action: quotes.expire, subject: { type: Quote, id: id }, reason: none }
events: [QuoteGone, { QuotesExpired: { version: 2, payload: { ids: { items: uuid, from: ids } } } }]
jobs: { Remind: { payload: {}, delay: 1h, maxAttempts: 3, dedupeKey: id } }
triggers: [{ job: Sweep, command: { a: job.payload.a }, ignore: [Gone] }, { event: Closed, version: 1 }, { schedule: "0 * * * *", missed: all }]
uses: [mail]
tx: read
transaction: { isolation: serializable, lockTimeout: 2s, retries: 3 }
tenant: none
`;
const documents: Readonly<Record<DocumentKind, readonly JsonValue[]>> = {
  usecase: [readYaml("rare", rare).value as JsonValue],
  machine: samples.filter((file) => file.endsWith(".machine.yaml")).map(read),
  shared: samples.filter((file) => file.endsWith(".shared.yaml")).map(read),
  config: [read("usecase.config.yaml")],
};
const kinds = Object.keys(documents) as DocumentKind[];

const ajv = new Ajv2020({ strict: false, validateSchema: false });

// A value in every place, and in place of every key: right in some, wrong in most.
const values: readonly JsonValue[] = [
  ...[null, true, false, 0, 1, -1, 1.5, 101, 10_001, [], {}],
  ...["", "a", "A", "a b", "none", "30s", "string", "count", "insert", "x".repeat(600), "😀".repeat(300), "😀".repeat(600)],
  ...[["a"], ["a", "a"], [1, "1"], ["insert", "delete"], [{ a: "desc" }], [{ A: "conflict" }], [{ permission: "a.b" }]],
  ...[{ a: "uuid" }, { a: { type: "integer", minLength: 1 } }, { a: { items: "uuid", fields: {} } }, { table: "a" }, { kind: "gone" }],
];
const keys = ["type", "when", "items", "enum", "from", "default", "constructor", "a-b", "A", "toString", "delay"];

describe.each(kinds)("a %s file", (kind) => {
  const check = compileSchema(languageSchemas[kind]);
  const validate = ajv.compile(languageSchemas[kind]);

  test("of the samples is right", () => {
    for (const document of documents[kind]) expect(check(document)).toBe(true);
  });

  test("with any one change is right where the standard validator says so", () => {
    const answers = { true: 0, false: 0 };
    for (const document of documents[kind]) {
      for (const changed of changes(document)) {
        const answer = validate(changed);
        if (check(changed) !== answer) expect(changed).toBe(answer ? "right" : "wrong");
        answers[`${answer}`] += 1;
      }
    }
    expect(Math.min(answers.true, answers.false)).toBeGreaterThan(100);
  });
});

test("a keyword that it does not know is refused", () => {
  const schema: JsonSchema = { type: "object", properties: { a: { type: "string", format: "uuid" } } };
  expect(() => compileSchema(schema)({ a: "" })).toThrow('No check is made of the keyword "format".');
});

/** The value with one thing in it that is another, more or less. */
function* changes(value: JsonValue): Iterable<JsonValue> {
  yield* values;
  if (Array.isArray(value)) {
    yield [...value, ...value];
    for (const [index, item] of value.entries()) {
      yield value.toSpliced(index, 1);
      for (const changed of changes(item)) yield value.with(index, changed);
    }
  } else if (typeof value === "object" && value !== null) {
    const mapping = value as Readonly<Record<string, JsonValue>>;
    for (const key of keys) for (const added of [1, "a", []]) yield { ...mapping, [key]: added };
    for (const [key, item] of Object.entries(mapping)) {
      const { [key]: _left, ...rest } = mapping;
      yield rest;
      for (const changed of changes(item)) yield { ...mapping, [key]: changed };
    }
  }
}
