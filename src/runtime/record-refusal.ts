import { refusedRow } from "./audit.js";
import { callerError, retryReason } from "./database-failure.js";
import { burstAlone } from "./lent-session.js";
import { isRefusal } from "./refusal.js";
import { retryWhole } from "./retry.js";
import { commit } from "./sql/begin-statement.js";
import { sessionSettings } from "./sql/session-settings.js";
import { writeAudit } from "./sql/write-audit.js";
import { writeKey } from "./sql/write-key.js";
import { writeItem } from "./sql/write-part.js";
import { type Call, scopeOf } from "./validate.js";

/**
 * Records a refusal outside the call's transaction, because it came before one was begun or because the call is a
 * query; then throws it. No key is claimed: a caller without permission learns nothing about stored outcomes.
 */
export async function recordRefusal(call: Call, error: unknown): Promise<never> {
  const { runtime, useCase, key, context } = call;
  const { definition } = useCase;
  if (!isRefusal(definition, error) || definition.audit === undefined) throw error;
  const id = runtime.newId();
  const parts = [writeAudit(refusedRow(call, id, scopeOf(call, {}), error), runtime.names)];
  if (key !== undefined) parts.push(writeKey({ ...key, outcome: null, auditId: id }, runtime.names, "leave it"));
  const write = writeItem(parts, runtime.names, useCase.statements);
  const policy = { retries: definition.transaction.retries, signal: context.signal, reason: retryReason };
  const items = [[useCase.begin], [useCase.open], ...sessionSettings(call), write, [commit]] as const;
  const record = () => burstAlone(runtime.driver, context.signal, items);
  await retryWhole(policy, record).catch((failure) => {
    throw callerError(definition, failure, "not sent", context.signal);
  });
  throw error;
}
