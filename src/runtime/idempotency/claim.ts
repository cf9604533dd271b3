// A key is claimed by an advisory lock that lasts as long as the transaction, so there is no state "in progress" that
// could be left behind. The claim's answer opens the gate that the loads in the same burst stand behind.
import { UseCaseError } from "../errors.js";
import { advisoryKey } from "../hash.js";
import type { Definition, Fields } from "../internals.js";
import type { BurstItem, Statement, StatementResult } from "../ports.js";
import { useCaseError } from "../refusal.js";
import { timeLimits } from "../sql/begin-statement.js";
import type { OwnNames } from "../sql/own-names.js";
import { namedStatement } from "../sql/statement.js";

/** An idempotency key as it is stored, with the command that it was used for. */
export interface ClaimedKey {
  readonly tenantId: string;
  readonly scope: string;
  readonly useCase: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly retentionSeconds: number;
}

/** A result that an earlier call with the same key and command left. */
export interface StoredOutcome {
  readonly result: Fields;
  readonly auditId: string | null;
}

/**
 * Open: the lock was got, and the key is new, has expired, or belongs to a refused call with the same command, whose refusal is not remembered. It also
 * sets the transaction's time limits: each statement more would cost as much as they do.
 */
export function claimStatement(names: OwnNames, settings: Definition["transaction"]): Statement {
  return namedStatement(
    "with l as materialized (select pg_try_advisory_xact_lock($1::bigint) as got) " +
      "select set_config('usecase.go', case when l.got and (r.key is null or (r.outcome is null and r.refusal is null and r.fingerprint = $6)) then '1' else '0' end, true), " +
      `r.fingerprint, r.outcome, r.audit_id, r.refusal, ${timeLimits(settings)} from l left join ${names.idempotency} r ` +
      "on r.tenant_id = $2 and r.scope = $3 and r.use_case = $4 and r.key = $5 and r.expires_at > now()",
  );
}

export function claimItem(statement: Statement, claimed: ClaimedKey): BurstItem {
  const { tenantId, scope, useCase, key, fingerprint } = claimed;
  return [statement, [advisoryKey("key", tenantId, scope, useCase, key), tenantId, scope, useCase, key, fingerprint]];
}

/**
 * The stored outcome; undefined where the claim was successful. Throws IdempotencyMismatch, IdempotencyInFlight, or the
 * refusal that is remembered: as it was, also where the spec has since changed. It is no refusal anew, to be audited.
 */
export function readClaim(definition: Definition, claimed: ClaimedKey, answer: StatementResult | undefined): StoredOutcome | undefined {
  const [go, fingerprint, outcome, auditId, refused] = answer?.rows[0] ?? [];
  if (go === "1") return undefined;
  if (typeof fingerprint === "string" && fingerprint !== claimed.fingerprint) throw useCaseError(definition, "IdempotencyMismatch");
  if (typeof outcome === "string") return { result: JSON.parse(outcome), auditId: auditId ?? null };
  if (typeof refused === "string") throw new UseCaseError(definition.name, JSON.parse(refused));
  throw useCaseError(definition, "IdempotencyInFlight");
}
