import type { Definition } from "../internals.js";
import type { Statement } from "../ports.js";
import { namedStatement } from "./statement.js";

type Settings = Definition["transaction"];

/** Begins a transaction that changes something. Every statement of a transaction has a name: so a burst can be one message. */
export function beginStatement({ isolation }: Settings): Statement {
  return namedStatement(`begin isolation level ${isolation ?? "read committed"}`);
}

/** The transaction's time limits, as columns of a select; from the next statement on. */
export function timeLimits({ lockTimeoutMs, statementTimeoutMs }: Settings): string {
  return `${untilItEnds("lock_timeout", lockTimeoutMs)}, ${untilItEnds("statement_timeout", statementTimeoutMs)}`;
}

/** The time limits; and opens the gate, where no claim does. */
export function openStatement(settings: Settings): Statement {
  return namedStatement(`select ${timeLimits(settings)}, set_config('usecase.go', '1', true)`);
}

/** One snapshot for all loads of a query, and its time limit. */
export function snapshotStatements({ statementTimeoutMs }: Settings): readonly [begin: Statement, limit: Statement] {
  return [
    namedStatement("begin isolation level repeatable read read only"),
    namedStatement(`select ${untilItEnds("statement_timeout", statementTimeoutMs)}`),
  ];
}

export const commit = namedStatement("commit");
export const rollback: Statement = { text: "rollback" };

/** Settings are part of the text, so that only a whole number may get there. */
function untilItEnds(name: string, milliseconds: number): string {
  if (!Number.isSafeInteger(milliseconds) || milliseconds < 0)
    throw new RangeError(`A timeout must be a whole number of milliseconds, not ${milliseconds}.`);
  return `set_config('${name}', '${milliseconds}', true)`;
}
