import { expect, test } from "vitest";
import { balancesRepository, movementsRepository, ordersRepository } from "../../testing/server/fixtures/tables.js";
import { boundedCache } from "../bounded-cache.js";
import { tablePlace } from "../load/plan-loads.js";
import type { OutgoingMessage } from "../messages/message.js";
import type { Statement } from "../ports.js";
import type { AnyRepository } from "../repository.js";
import { planWrites } from "../writes/plan-writes.js";
import type { RowChange } from "../writes/row-change.js";
import { ownNames } from "./own-names.js";
import { type AuditRow, type CountedChange, writeAudit } from "./write-audit.js";
import { type KeyRow, writeKey } from "./write-key.js";
import { writeMessages } from "./write-messages.js";
import { type WritePart, writeItem, writeText } from "./write-part.js";
import { writeSteps } from "./write-rows.js";

const names = ownNames(undefined);
const uuid = (n: number) => `018f3c5e-0000-7000-8000-${String(n).padStart(12, "0")}`;

const change = (repository: AnyRepository, operation: RowChange["operation"], n: number, more: Partial<RowChange> = {}): RowChange => ({
  repository,
  operation,
  identity: uuid(n),
  key: { id: uuid(n) },
  values: operation === "delete" ? {} : { quantity: n },
  increments: {},
  guards: {},
  locked: true,
  ...more,
});
const updates = (count: number, more: Partial<RowChange> = {}) =>
  Array.from({ length: count }, (_, n) => change(balancesRepository, "update", n, more));
const inserts = (count: number, values: object = { quantity: 1 }) =>
  Array.from({ length: count }, (_, n) => change(movementsRepository, "insert", n, { values: { id: uuid(n), ...values } }));
const rows = (...changes: readonly RowChange[]) => writeSteps(planWrites(changes, tablePlace([])));

const message = (more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  ...{ kind: "event", id: uuid(1), type: "Moved", version: 1, key: "k", payload: {}, needsKeyLock: false },
  ...more,
});
const messages = (...all: readonly OutgoingMessage[]) =>
  writeMessages(all, { aggregateType: "Balance", headers: { a: 1 }, tenantId: "t-1" }, names);
const delayed = (count: number, delaySeconds: number) => messages(...Array.from({ length: count }, () => message({ delaySeconds })));

const blank = { tenantId: null, subjectType: null, subjectId: null, reason: null, changes: "[]", error: null } as const;
const ids = { idempotencyKey: null, correlationId: null, causationId: null, requestId: null } as const;
const audit = (more: Partial<AuditRow> = {}, counted: readonly CountedChange[] = []) => {
  const row = {
    id: uuid(1),
    useCase: "Move",
    action: "moved",
    outcome: "committed",
    actor: "{}",
    command: "{}",
    ...blank,
    ...ids,
  } as const;
  return [writeAudit({ ...row, ...more }, names, counted)];
};
const count: CountedChange = { entry: { table: "t" }, count: "(select count(*) from x0)" };

const key = (more: Partial<KeyRow> = {}, taken: "run again" | "leave it" = "run again") => {
  const row = {
    tenantId: "t",
    scope: "",
    useCase: "Move",
    key: "k",
    fingerprint: "f",
    outcome: "{}",
    auditId: uuid(1),
    retentionSeconds: 1,
  };
  return [writeKey({ ...row, ...more }, names, taken)];
};

/** What one use case may write, each at least once with other values. */
const written: readonly (readonly WritePart[])[] = [
  rows(...updates(1)),
  rows(...updates(1, { values: { quantity: 7 } })),
  rows(...updates(1, { values: { reserved: 7 } })),
  rows(...updates(1, { values: { quantity: 1, reserved: 7 } })),
  rows(...updates(1, { guards: { tenantId: "t" } })),
  rows(...updates(1, { values: {}, increments: { quantity: 1 } })),
  ...[2, 3, 5, 6, 7, 8, 2_000, 2_001].map((count) => rows(...updates(count))),
  rows(...updates(2, { locked: false })),
  rows(...updates(2, { locked: false, values: { quantity: 9 } })),
  rows(change(balancesRepository, "delete", 1)),
  rows(change(ordersRepository, "delete", 1)),
  ...[1, 2, 51, 52].map((count) => rows(...inserts(count))),
  rows(...inserts(1, { quantity: 2 })),
  rows(...inserts(1, { quantity: 2, note: null })),
  rows(...inserts(1), change(movementsRepository, "delete", 9)),
  rows(...inserts(1), change(balancesRepository, "delete", 9)),
  rows(...updates(1), ...inserts(1)),
  messages(message()),
  messages(message({ id: uuid(2), key: "other", payload: { b: 2 } })),
  messages(message({ type: "Removed" })),
  messages(message({ kind: "job" })),
  messages(message({ version: 2 })),
  messages(message({ maxAttempts: 2 })),
  messages(message({ at: new Date(0) })),
  messages(message({ at: new Date(1) })),
  messages(message({ delaySeconds: 1 })),
  messages(message({ delaySeconds: 2 })),
  messages(message({ dedupeKey: "d" })),
  messages(message({ dedupeKey: "e" })),
  messages(message({ dedupeKey: "d" }), message()),
  messages(message(), message()),
  ...[9, 10, 200, 201].map((count) => delayed(count, 3)),
  audit(),
  audit({ id: uuid(2), actor: '{"id":1}' }),
  audit({ outcome: "refused" }),
  audit({ outcome: "refused", changes: null, error: "{}" }),
  audit({ tenantId: "t" }),
  audit({ reason: "r" }),
  audit({ correlationId: "c" }),
  audit({ requestId: "c" }),
  audit({}, [count]),
  audit({}, [count, count]),
  key(),
  key({ key: "l", outcome: null }),
  key({ refusal: "{}" }),
  key({}, "leave it"),
  [...audit(), ...key()],
];

test("a shape stands for one text: the same text has the same shape, and another text another one", () => {
  const shapeOf = (parts: readonly WritePart[]) => parts.map(({ shape }) => shape).join("\n");
  const texts = new Map<string, string>();
  for (const parts of written) {
    const text = writeText(parts, names);
    expect(texts.get(shapeOf(parts)) ?? text).toBe(text);
    texts.set(shapeOf(parts), text);
  }
  expect(new Set(texts.values()).size).toBe(texts.size);
});

test("there is a value for each parameter, and all of them are asked for in their order", () => {
  for (const parts of written) {
    const values = parts.flatMap((part) => part.values);
    const numbers = [...writeText(parts, names).matchAll(/\$(\d+)/g)].map(([, number]) => Number(number));
    expect(new Set(numbers)).toEqual(new Set(values.map((_, index) => index + 1)));
  }
});

test("what is written again writes no SQL again", () => {
  const statements = boundedCache<Statement>(8);
  const [first] = writeItem(rows(...updates(2)), names, statements);
  const unwritable = rows(...updates(2, { values: { quantity: 5 } })).map((part) => ({ ...part, sql: () => expect.fail("written again") }));
  expect(writeItem(unwritable, names, statements)).toEqual([first, [uuid(0), "5", uuid(1), "5"]]);
});

test("more parameters than the protocol counts are refused before anything is sent", () => {
  const many = Array.from({ length: 32 }, () => rows(...updates(1_024))).flat();
  expect(() => writeItem(many, names, boundedCache(1))).toThrow(RangeError);
});
