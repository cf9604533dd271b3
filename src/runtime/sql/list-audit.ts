import type { AuditEntry } from "../audit/entry.js";
import type { BurstItem, SqlText } from "../ports.js";
import type { OwnNames } from "./own-names.js";
import { parameters } from "./parameters.js";
import { namedStatement } from "./statement.js";

/** What the audit is searched by; what is left out does not matter. */
export interface AuditFilter {
  /** Null: entries of actors without tenant. */
  readonly tenantId?: string | null | undefined;
  readonly subject?: { readonly type: string; readonly id?: string | undefined } | undefined;
  readonly actor?: { readonly type?: string | undefined; readonly id: string } | undefined;
  readonly action?: string | undefined;
  readonly useCase?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly outcome?: AuditEntry["outcome"] | undefined;
  /** From this time on. */
  readonly from?: Date | undefined;
  /** Before this time. */
  readonly to?: Date | undefined;
}

/** Where a page ended: the last entry's time, to the microsecond, and id. */
export interface AuditPosition {
  readonly at: string;
  readonly id: string;
}

const time = `to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const columns =
  "id, use_case, action, outcome, tenant_id, actor, subject_type, subject_id, reason, command, changes, error, idempotency_key, correlation_id, causation_id, request_id";

/** The newest first. One statement per combination of filters, so that each has the plan that suits it. */
export function listAudit(names: OwnNames, filter: AuditFilter, after: AuditPosition | undefined, limit: number): BurstItem {
  const list = parameters();
  const conditions: string[] = [];
  const equal = (column: string, value: string | undefined) => {
    if (value !== undefined) conditions.push(`${column} = ${list.add(value)}`);
  };
  if (filter.tenantId === null) conditions.push("tenant_id is null");
  else equal("tenant_id", filter.tenantId);
  equal("subject_type", filter.subject?.type);
  equal("subject_id", filter.subject?.id);
  equal("actor ->> 'type'", filter.actor?.type);
  equal("actor ->> 'id'", filter.actor?.id);
  equal("action", filter.action);
  equal("use_case", filter.useCase);
  equal("correlation_id", filter.correlationId);
  equal("outcome", filter.outcome);
  if (filter.from !== undefined) conditions.push(`at >= ${list.add(filter.from.toISOString())}::timestamptz`);
  if (filter.to !== undefined) conditions.push(`at < ${list.add(filter.to.toISOString())}::timestamptz`);
  if (after !== undefined) conditions.push(`(at, id) < (${list.add(after.at)}::timestamptz, ${list.add(after.id)}::uuid)`);
  const where = conditions.length === 0 ? "" : ` where ${conditions.join(" and ")}`;
  const text = `select ${time}, ${columns} from ${names.audit}${where} order by at desc, id desc limit ${list.add(String(limit))}::integer`;
  return [namedStatement(text), list.texts];
}

export function readAuditEntry(row: readonly SqlText[]): AuditEntry {
  const text = (column: number) => row[column] ?? "";
  const orNull = (column: number) => row[column] ?? null;
  const json = (column: number) => JSON.parse(row[column] ?? "null");
  return {
    id: text(1),
    at: new Date(text(0)),
    useCase: text(2),
    action: text(3),
    outcome: text(4) === "refused" ? "refused" : "committed",
    tenantId: orNull(5),
    actor: json(6),
    subject: row[7] == null ? null : { type: row[7], id: text(8) },
    reason: orNull(9),
    command: json(10),
    changes: json(11),
    error: json(12),
    idempotencyKey: orNull(13),
    correlationId: orNull(14),
    causationId: orNull(15),
    requestId: orNull(16),
  };
}

export function positionOf(row: readonly SqlText[]): AuditPosition {
  return { at: row[0] ?? "", id: row[1] ?? "" };
}
