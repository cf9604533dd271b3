// The runtime's own rows, as parts of the write statement.

import { storableJson, storableText } from "../codec/storable-text.js";
import { slotOf } from "../hash.js";
import type { OutgoingMessage } from "../messages/message.js";
import type { SqlText } from "../ports.js";
import { outboxSlots } from "../tables.js";
import { quoteLiteral } from "./identifier.js";
import type { OwnNames } from "./own-names.js";
import type { Parameters } from "./parameters.js";
import { orderedRows, type SourceColumn } from "./row-source.js";
import type { WritePart } from "./write-rows.js";

/** A row of usecase_audit, as texts. */
export interface AuditRow {
  readonly id: string;
  readonly useCase: string;
  readonly action: string;
  readonly outcome: "committed" | "refused";
  readonly tenantId: SqlText;
  readonly actor: string;
  readonly subjectType: SqlText;
  readonly subjectId: SqlText;
  readonly reason: SqlText;
  readonly command: string;
  readonly changes: SqlText;
  readonly error: SqlText;
  readonly idempotencyKey: SqlText;
  readonly correlationId: SqlText;
  readonly causationId: SqlText;
  readonly requestId: SqlText;
}

const auditColumns: readonly (readonly [keyof AuditRow, string])[] = [
  ["id", "id"],
  ["useCase", "use_case"],
  ["action", "action"],
  ["outcome", "outcome"],
  ["tenantId", "tenant_id"],
  ["actor", "actor"],
  ["subjectType", "subject_type"],
  ["subjectId", "subject_id"],
  ["reason", "reason"],
  ["command", "command"],
  ["changes", "changes"],
  ["error", "error"],
  ["idempotencyKey", "idempotency_key"],
  ["correlationId", "correlation_id"],
  ["causationId", "causation_id"],
  ["requestId", "request_id"],
];

/** A change whose rows only the database counts: the audit's entry for it, and how to ask. */
export interface CountedChange {
  readonly entry: object;
  /** SQL for the number of rows. */
  readonly count: string;
}

/** The same at each call of a use case: they are written into the statement, which is smaller and faster for it. */
const constantColumns: ReadonlySet<keyof AuditRow> = new Set(["useCase", "action", "outcome", "subjectType"]);

export function writeAudit(row: AuditRow, names: OwnNames, parameters: Parameters, counted: readonly CountedChange[] = []): WritePart {
  const count = ({ entry, count: rows }: CountedChange) =>
    `${parameters.add(storableJson(entry))}::jsonb || jsonb_build_object('count', ${rows})`;
  const columns: string[] = [];
  const values: string[] = [];
  for (const [key, name] of auditColumns) {
    const text = row[key];
    // What is null is left out: a call has few of the ids that a context may have.
    if (text === null) continue;
    columns.push(name);
    if (constantColumns.has(key)) values.push(quoteLiteral(text));
    else if (key === "changes" && counted.length > 0)
      values.push(`jsonb_build_array(${counted.map(count).join(", ")}) || ${parameters.add(text)}::jsonb`);
    else values.push(key === "tenantId" ? parameters.shared("tenant", text) : parameters.add(text));
  }
  return {
    ctes: [`w_audit as (insert into ${names.audit} (${columns.join(", ")}) values (${values.join(", ")}) returning 1)`],
    check: "(select count(*) from w_audit) = 1",
    message: "'the audit row was not inserted'",
  };
}

/** What all messages of one call share. */
export interface MessageContext {
  readonly aggregateType: string | undefined;
  readonly headers: object;
  readonly tenantId: string;
}

const messageColumns: readonly SourceColumn[] = [
  ["id", "uuid"],
  ["kind", "text"],
  ["aggregatetype", "text"],
  ["aggregateid", "text"],
  ["slot", "smallint"],
  ["type", "text"],
  ["version", "integer"],
  ["payload", "jsonb"],
  ["dedupe_key", "text"],
  ["max_attempts", "integer"],
  ["at", "timestamp with time zone"],
  ["delay", "double precision"],
].map(([alias = "", castType = ""]) => ({ alias, castType }));

/** Messages in their order, which is the order of their delivery. */
export function writeMessages(
  messages: readonly OutgoingMessage[],
  context: MessageContext,
  names: OwnNames,
  parameters: Parameters,
): readonly WritePart[] {
  const plain = messages.filter(({ dedupeKey }) => dedupeKey === undefined);
  // By dedupe key, so that two calls that insert the same ones cannot wait for each other.
  const deduped = messages.filter(({ dedupeKey }) => dedupeKey !== undefined).toSorted((a, b) => compare(a.dedupeKey, b.dedupeKey));
  return [
    ...(plain.length > 0 ? [insertMessages("w_messages", plain, context, names, parameters, false)] : []),
    ...(deduped.length > 0 ? [insertMessages("w_deduped", deduped, context, names, parameters, true)] : []),
  ];
}

function insertMessages(
  name: string,
  messages: readonly OutgoingMessage[],
  context: MessageContext,
  names: OwnNames,
  parameters: Parameters,
  dedupe: boolean,
): WritePart {
  const source = messages.length <= literalMessages ? valuesOf : selectOf;
  const conflict = dedupe ? " on conflict (type, tenant_id, dedupe_key) where dedupe_key is not null do nothing" : "";
  return {
    ctes: [
      `${name} as (insert into ${names.outbox} (${columnsOfMessages}) ${source(messages, context, parameters)}${conflict} returning 1)`,
    ],
    check: `(select count(*) from ${name}) ${dedupe ? "<=" : "="} ${messages.length}`,
    message: "'a message was not inserted'",
  };
}

const columnsOfMessages =
  "id, kind, aggregatetype, aggregateid, slot, type, version, payload, dedupe_key, max_attempts, not_before, headers, tenant_id";

/** Up to so many, the number and the types of a call's messages are a part of the statement. */
const literalMessages = 8;

function valuesOf(
  messages: readonly OutgoingMessage[],
  { aggregateType, headers, tenantId }: MessageContext,
  parameters: Parameters,
): string {
  const shared = `${parameters.shared("headers", storableJson(headers))}, ${parameters.shared("tenant", tenantId)}`;
  const rows = messages.map((message) => {
    const { id, kind, key, type, version, payload, dedupeKey, maxAttempts } = message;
    const fixed = [quoteLiteral(kind), quoteLiteral(aggregateType ?? type)];
    const own = [parameters.add(storableText(key)), parameters.add(String(slotOf(key, outboxSlots)))];
    const what = [quoteLiteral(type), literalNumber(version), parameters.add(storableJson(payload))];
    const dedupe = dedupeKey === undefined ? "null" : parameters.add(storableText(dedupeKey));
    return `(${[parameters.add(id), ...fixed, ...own, ...what, dedupe, literalNumber(maxAttempts), notBefore(message, parameters), shared].join(", ")})`;
  });
  return `values ${rows.join(", ")}`;
}

/** A delay counts by the database's clock, as the relay does. */
function notBefore({ at, delaySeconds }: OutgoingMessage, parameters: Parameters): string {
  if (at !== undefined) return `${parameters.add(at.toISOString())}::timestamptz`;
  return delaySeconds === undefined ? "null" : `clock_timestamp() + make_interval(secs => ${literalNumber(delaySeconds)})`;
}

function literalNumber(value: number | undefined): string {
  if (value === undefined) return "null";
  if (!Number.isFinite(value)) throw new TypeError("a number is not finite");
  return String(value);
}

function selectOf(
  messages: readonly OutgoingMessage[],
  { aggregateType, headers, tenantId }: MessageContext,
  parameters: Parameters,
): string {
  const rows = messages.map((message): readonly SqlText[] => [
    message.id,
    message.kind,
    aggregateType ?? message.type,
    storableText(message.key),
    String(slotOf(message.key, outboxSlots)),
    message.type,
    String(message.version),
    storableJson(message.payload),
    message.dedupeKey === undefined ? null : storableText(message.dedupeKey),
    message.maxAttempts === undefined ? null : String(message.maxAttempts),
    message.at === undefined ? null : message.at.toISOString(),
    message.delaySeconds === undefined ? null : String(message.delaySeconds),
  ]);
  const source = orderedRows(parameters, messageColumns, rows);
  const shared = `${parameters.shared("headers", storableJson(headers))}::jsonb, ${parameters.shared("tenant", tenantId)}::text`;
  const notBefore = "coalesce(v.at, clock_timestamp() + make_interval(secs => v.delay))";
  const selected = `v.id, v.kind, v.aggregatetype, v.aggregateid, v.slot, v.type, v.version, v.payload, v.dedupe_key, v.max_attempts, ${notBefore}, ${shared}`;
  return `select ${selected} from (${source}) v`;
}

/** The claimed key with its outcome; a null outcome keeps a refused command's fingerprint only. */
export interface KeyRow {
  readonly tenantId: string;
  readonly scope: string;
  readonly useCase: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly outcome: SqlText;
  readonly auditId: string;
  readonly retentionSeconds: number;
  /** A refusal that is to be remembered. */
  readonly refusal?: string | undefined;
}

/**
 * Inserts the key, or completes one that a refused call with the same command left, or replaces an expired one. Zero
 * rows mean that somebody else stored an outcome meanwhile: the call is to be run again, and then replays; or, where
 * no claim went before, it is left as it is.
 */
export function writeKey(row: KeyRow, names: OwnNames, parameters: Parameters, taken: "run again" | "leave it" = "run again"): WritePart {
  const values = [
    parameters.shared("tenant", row.tenantId),
    parameters.add(row.scope),
    quoteLiteral(row.useCase),
    ...[row.key, row.fingerprint, row.outcome, row.auditId].map((text) => parameters.add(text)),
  ];
  const expires = `clock_timestamp() + make_interval(secs => ${literalNumber(row.retentionSeconds)})`;
  const [column, value, set] =
    row.refusal === undefined
      ? ["", "", ", refusal = null"]
      : [", refusal", `, ${parameters.add(row.refusal)}`, ", refusal = excluded.refusal"];
  return {
    ctes: [
      `w_key as (insert into ${names.idempotency} as r (tenant_id, scope, use_case, key, fingerprint, outcome, audit_id, expires_at${column}) values (${values.join(", ")}, ${expires}${value}) ` +
        "on conflict (tenant_id, scope, use_case, key) do update set fingerprint = excluded.fingerprint, outcome = excluded.outcome, " +
        `audit_id = excluded.audit_id, expires_at = excluded.expires_at, created_at = excluded.created_at${set} ` +
        "where r.expires_at <= now() or (r.outcome is null and r.refusal is null and r.fingerprint = excluded.fingerprint) returning 1)",
    ],
    check: taken === "leave it" ? "(select count(*) from w_key) >= 0" : "(select count(*) from w_key) = 1",
    message: `'${keyTaken}'`,
  };
}

/** What the assertion says when the key has an outcome already. */
export const keyTaken = "the idempotency key has an outcome";

function compare(a: string | undefined, b: string | undefined): number {
  return (a ?? "") < (b ?? "") ? -1 : (a ?? "") > (b ?? "") ? 1 : 0;
}
