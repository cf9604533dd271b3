import { storableJson } from "../codec/storable-text.js";
import type { SqlText } from "../ports.js";
import { quoteLiteral } from "./identifier.js";
import type { OwnNames } from "./own-names.js";
import type { WritePart } from "./write-part.js";

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

/** Columns that are null are left out: a call has few of the ids that a context may have. */
export function writeAudit(row: AuditRow, names: OwnNames, counted: readonly CountedChange[] = []): WritePart {
  let present = "";
  const values: SqlText[] = [];
  for (const [key] of auditColumns) {
    const text = row[key];
    present += text === null ? "-" : "+";
    if (text === null || constantColumns.has(key)) continue;
    if (key === "changes") for (const { entry } of counted) values.push(storableJson(entry));
    values.push(text);
  }
  return {
    shape: `audit ${row.outcome} ${present} ${counted.length}`,
    values,
    sql(parameter) {
      const written = auditColumns.filter(([key]) => row[key] !== null);
      const counts = counted.map(
        ({ count }) =>
          () =>
            `${parameter()}::jsonb || jsonb_build_object('count', ${count})`,
      );
      const sqlOf = (key: keyof AuditRow) => {
        if (constantColumns.has(key)) return quoteLiteral(row[key] ?? "");
        if (key !== "changes" || counts.length === 0) return parameter();
        return `jsonb_build_array(${counts.map((count) => count()).join(", ")}) || ${parameter()}::jsonb`;
      };
      const columns = written.map(([, name]) => name).join(", ");
      return {
        ctes: [
          `w_audit as (insert into ${names.audit} (${columns}) values (${written.map(([key]) => sqlOf(key)).join(", ")}) returning 1)`,
        ],
        check: "(select count(*) from w_audit) = 1",
        message: "'the audit row was not inserted'",
      };
    },
  };
}
