import type { Rule } from "../rule.js";
import { within } from "../within.js";

export const transactionTimeoutOrder: Rule = {
  id: "transaction/timeout-order",
  severity: "warning",
  subject: "project",
  summary: "a lock timeout that is not shorter than the statement timeout",
  why: "Waiting for a lock is part of a statement: the statement's timeout strikes first, and callers never learn that somebody else was at the same row (LockTimeout), only that it took too long.",
  bad: { spec: "transaction:\n  lockTimeout: 10s  # found here\n" },
  good: { spec: "transaction:\n  lockTimeout: 10s\n  statementTimeout: 20s\n" },
  checkUseCase({ project, useCase: { transaction } }, report) {
    const defaults = project.config.transaction;
    const { lockTimeoutMs, statementTimeoutMs } = transaction;
    const isOwn = lockTimeoutMs !== defaults.lockTimeoutMs || statementTimeoutMs !== defaults.statementTimeoutMs;
    if (!isOwn || lockTimeoutMs < statementTimeoutMs) return;
    const key = lockTimeoutMs === defaults.lockTimeoutMs ? "statementTimeout" : "lockTimeout";
    report({ at: { path: within(transaction, key).path }, message: message(transaction) });
  },
  check({ project }, report) {
    const defaults = project.config.transaction;
    if (defaults.lockTimeoutMs >= defaults.statementTimeoutMs)
      report({ at: { path: ["transaction"] }, on: "key", message: message(defaults) });
  },
};

function message({ lockTimeoutMs, statementTimeoutMs }: { readonly lockTimeoutMs: number; readonly statementTimeoutMs: number }): string {
  return `A lock is waited for ${lockTimeoutMs} ms, but a statement ends after ${statementTimeoutMs} ms.`;
}
