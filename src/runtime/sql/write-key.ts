import type { SqlText } from "../ports.js";
import { quoteLiteral } from "./identifier.js";
import type { OwnNames } from "./own-names.js";
import type { WritePart } from "./write-part.js";

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
export function writeKey(row: KeyRow, names: OwnNames, taken: "run again" | "leave it" = "run again"): WritePart {
  const { tenantId, scope, key, fingerprint, outcome, auditId, refusal } = row;
  const remembers = refusal !== undefined;
  return {
    shape: `key ${taken}${remembers ? " refusal" : ""}`,
    values: [tenantId, scope, key, fingerprint, outcome, auditId, ...(remembers ? [refusal] : [])],
    sql(parameter) {
      const [tenant, within] = [parameter(), parameter()];
      const values = [tenant, within, quoteLiteral(row.useCase), parameter(), parameter(), parameter(), parameter()].join(", ");
      const expires = `clock_timestamp() + make_interval(secs => ${literalSeconds(row.retentionSeconds)})`;
      const [column, value, set] = remembers
        ? [", refusal", `, ${parameter()}`, ", refusal = excluded.refusal"]
        : ["", "", ", refusal = null"];
      return {
        ctes: [
          `w_key as (insert into ${names.idempotency} as r (tenant_id, scope, use_case, key, fingerprint, outcome, audit_id, expires_at${column}) values (${values}, ${expires}${value}) ` +
            "on conflict (tenant_id, scope, use_case, key) do update set fingerprint = excluded.fingerprint, outcome = excluded.outcome, " +
            `audit_id = excluded.audit_id, expires_at = excluded.expires_at, created_at = excluded.created_at${set} ` +
            "where r.expires_at <= now() or (r.outcome is null and r.refusal is null and r.fingerprint = excluded.fingerprint) returning 1)",
        ],
        check: taken === "leave it" ? "(select count(*) from w_key) >= 0" : "(select count(*) from w_key) = 1",
        message: `'${keyTaken}'`,
      };
    },
  };
}

function literalSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) throw new TypeError("a number of seconds is not finite");
  return String(seconds);
}

/** What the assertion says when the key has an outcome already. */
export const keyTaken = "the idempotency key has an outcome";
