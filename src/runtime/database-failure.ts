// What the database's failures mean to a caller: the one table of SQLSTATEs.
import { DatabaseError } from "./database-error.js";
import type { UseCaseError } from "./errors.js";
import { guardStates } from "./guards.js";
import type { Definition } from "./internals.js";
import { refusal, useCaseError } from "./refusal.js";
import type { RetryReason } from "./retry.js";
import { keyTaken } from "./sql/write-key.js";

/** Whether the commit may have taken place when the connection was lost. */
export type CommitState = "not sent" | "sent";

/** The whole call is to be run again: somebody else was faster. */
const again = new Set(["40001", "40P01", guardStates.assertion]);

const constraintStates = new Set(["23505", "23P01", "23514", "23503", "23001"]);

/** What was cancelled, on somebody's request or because it took too long. */
const cancelled = "57014";

const unavailable = /^(?:08|53|57|58|25P03|25P04|XX)/;

/** Whether running the call again from its transaction on may help, and why. */
export function retryReason(error: unknown): RetryReason | undefined {
  if (!(error instanceof DatabaseError) || error.connectionLost || error.sqlState === undefined) return undefined;
  if (isStale(error)) return "stale statements";
  if (!again.has(error.sqlState)) return undefined;
  return error.message.includes(keyTaken) ? "replay" : "conflict";
}

/** The same for work without a transaction of its own to lose: there are no conflicts. */
export function staleReason(error: unknown): RetryReason | undefined {
  return error instanceof DatabaseError && !error.connectionLost && isStale(error) ? "stale statements" : undefined;
}

/**
 * The server has forgotten a prepared statement (26000), or a migration has changed what one returns. The latter's
 * SQLSTATE, 0A000, is also that of whatever Postgres cannot do; which of them it is only the server's routine tells,
 * because messages come in any language.
 */
function isStale({ sqlState, cause }: DatabaseError): boolean {
  if (sqlState === "26000") return true;
  return sqlState === "0A000" && (cause as { routine?: unknown } | undefined)?.routine === "RevalidateCachedQuery";
}

/** The refusal that a violated constraint means: the declared error that names it, or ConstraintViolation. */
export function constraintRefusal(definition: Definition, error: unknown): UseCaseError | undefined {
  if (!(error instanceof DatabaseError) || !constraintStates.has(error.sqlState ?? "")) return undefined;
  const { constraint } = error;
  // The runtime's own constraints say nothing about the command.
  if (constraint === undefined || constraint.startsWith("usecase_")) return undefined;
  const declared = Object.entries(definition.errors).find(([, { constraints }]) => constraints?.includes(constraint));
  return declared === undefined
    ? refusal(definition, "ConstraintViolation", { constraint }, error)
    : refusal(definition, declared[0], undefined, error);
}

/**
 * What the caller gets for a failure of the database: a built-in error where there is one, else the failure itself. Who
 * aborted a call gets the signal's reason, if it is certain that nothing was done.
 */
export function callerError(definition: Definition, error: unknown, commit: CommitState, signal?: AbortSignal): unknown {
  if (!(error instanceof DatabaseError)) return error;
  const { sqlState, connectionLost } = error;
  if (signal?.aborted === true && (connectionLost ? commit === "not sent" : sqlState === cancelled)) return signal.reason;
  if (connectionLost) {
    return useCaseError(definition, "Unavailable", { outcome: commit === "sent" ? "unknown" : "none" }, error);
  }
  if (sqlState === "55P03") return useCaseError(definition, "LockTimeout", undefined, error);
  if (sqlState !== undefined && again.has(sqlState)) return useCaseError(definition, "ConcurrencyConflict", undefined, error);
  if (sqlState !== undefined && unavailable.test(sqlState)) return useCaseError(definition, "Unavailable", { outcome: "none" }, error);
  return error;
}
