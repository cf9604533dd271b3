// The runtime's own rows, as parts of the write statement.

import { storableJson, storableText } from "../codec/storable-text.js";
import { slotOf } from "../hash.js";
import type { OutgoingMessage } from "../messages/message.js";
import type { SqlText } from "../ports.js";
import { outboxSlots } from "../tables.js";
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

export function writeAudit(row: AuditRow, names: OwnNames, parameters: Parameters, counted: readonly CountedChange[] = []): WritePart {
  const count = ({ entry, count: rows }: CountedChange) =>
    `${parameters.add(storableJson(entry))}::jsonb || jsonb_build_object('count', ${rows})`;
  const values = auditColumns.map(([key]) => {
    const value = parameters.add(row[key]);
    return key === "changes" && counted.length > 0 ? `jsonb_build_array(${counted.map(count).join(", ")}) || ${value}::jsonb` : value;
  });
  return {
    ctes: [
      `w_audit as (insert into ${names.audit} (${auditColumns.map(([, name]) => name).join(", ")}) values (${values.join(", ")}) returning 1)`,
    ],
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
  { aggregateType, headers, tenantId }: MessageContext,
  names: OwnNames,
  parameters: Parameters,
  dedupe: boolean,
): WritePart {
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
  // A delay counts by the database's clock, as the relay does.
  const notBefore = "coalesce(v.at, clock_timestamp() + make_interval(secs => v.delay))";
  const columns =
    "id, kind, aggregatetype, aggregateid, slot, type, version, payload, dedupe_key, max_attempts, not_before, headers, tenant_id";
  const selected = `v.id, v.kind, v.aggregatetype, v.aggregateid, v.slot, v.type, v.version, v.payload, v.dedupe_key, v.max_attempts, ${notBefore}, ${shared}`;
  const conflict = dedupe ? " on conflict (type, tenant_id, dedupe_key) where dedupe_key is not null do nothing" : "";
  return {
    ctes: [`${name} as (insert into ${names.outbox} (${columns}) select ${selected} from (${source}) v${conflict} returning 1)`],
    check: `(select count(*) from ${name}) ${dedupe ? "<=" : "="} ${parameters.add(String(rows.length))}::bigint`,
    message: "'a message was not inserted'",
  };
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
}

/**
 * Inserts the key, or completes one that a refused call with the same command left, or replaces an expired one. Zero
 * rows mean that somebody else stored an outcome meanwhile: the call is to be run again, and then replays; or, where
 * no claim went before, it is left as it is.
 */
export function writeKey(row: KeyRow, names: OwnNames, parameters: Parameters, taken: "run again" | "leave it" = "run again"): WritePart {
  const values = [row.tenantId, row.scope, row.useCase, row.key, row.fingerprint, row.outcome, row.auditId].map((text) =>
    parameters.add(text),
  );
  const expires = `clock_timestamp() + make_interval(secs => ${parameters.add(String(row.retentionSeconds))}::double precision)`;
  return {
    ctes: [
      `w_key as (insert into ${names.idempotency} as r (tenant_id, scope, use_case, key, fingerprint, outcome, audit_id, expires_at) values (${values.join(", ")}, ${expires}) ` +
        "on conflict (tenant_id, scope, use_case, key) do update set fingerprint = excluded.fingerprint, outcome = excluded.outcome, " +
        "audit_id = excluded.audit_id, expires_at = excluded.expires_at, created_at = excluded.created_at " +
        "where r.expires_at <= now() or (r.outcome is null and r.fingerprint = excluded.fingerprint) returning 1)",
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
