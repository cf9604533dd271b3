import type { Definition } from "../internals.js";
import type { Statement } from "../ports.js";

/** What begins a transaction that changes something; `open` also opens the gate, where no claim does. */
export function beginStatement({ isolation, lockTimeoutMs, statementTimeoutMs }: Definition["transaction"], open: boolean): Statement {
  const settings = [
    `begin isolation level ${isolation ?? "read committed"}`,
    `set local lock_timeout = ${milliseconds(lockTimeoutMs)}`,
    `set local statement_timeout = ${milliseconds(statementTimeoutMs)}`,
    ...(open ? ["set local usecase.go = '1'"] : []),
  ];
  return { text: settings.join("; ") };
}

/** One snapshot for all loads of a query. */
export function beginSnapshot({ statementTimeoutMs }: Definition["transaction"]): Statement {
  return { text: `begin isolation level repeatable read read only; set local statement_timeout = ${milliseconds(statementTimeoutMs)}` };
}

export const commit: Statement = { text: "commit" };
export const rollback: Statement = { text: "rollback" };

/** Settings are sent as text, so that only a whole number may get there. */
function milliseconds(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`A timeout must be a whole number of milliseconds, not ${value}.`);
  return String(value);
}
