import type { Decision } from "./apply.js";
import { auditedDeletion, committedRow } from "./audit.js";
import { storableJson } from "./codec/storable-text.js";
import type { Fields } from "./internals.js";
import { deleteParts } from "./sql/delete-where.js";
import { parameters } from "./sql/parameters.js";
import { writeAudit, writeKey, writeMessages } from "./sql/write-own-rows.js";
import { writeSteps } from "./sql/write-statement.js";
import type { Transaction } from "./transaction.js";
import type { Call } from "./validate.js";
import { planWrites } from "./writes/plan-writes.js";

/**
 * Writes what was decided, in one statement: changes and transitions, events and jobs, the audit's row, the key's
 * outcome; and commits. Everything is turned into text before anything is sent. Resolves to the audit row's id.
 */
export async function writeDecision(call: Call, tx: Transaction, { result, changes, messages, scope }: Decision): Promise<string> {
  const { runtime, useCase, key, tenantId } = call;
  const { definition } = useCase;
  const { names } = runtime;
  const auditId = runtime.newId();
  const list = parameters();
  const deletes = deleteParts(definition, scope, list);
  const parts = [
    ...deletes,
    ...writeSteps(planWrites(changes, definition.lockOrder ?? []), list, deletes),
    ...writeMessages(
      messages,
      { aggregateType: definition.audit?.subject?.type, headers: messageHeaders(call, auditId), tenantId },
      names,
      list,
    ),
    writeAudit(
      committedRow(call, auditId, scope, changes),
      names,
      list,
      deletes.map(({ deletion, cte }) => ({ entry: auditedDeletion(deletion, scope), cte })),
    ),
  ];
  if (key !== undefined) {
    const outcome = storableJson(storedResult(result, definition.secretResult ?? []));
    parts.push(writeKey({ ...key, outcome, auditId }, names, list));
  }
  const keyLocks = messages.filter(({ needsKeyLock }) => needsKeyLock).map((message) => message.key);
  await tx.write(parts, list, keyLocks);
  return auditId;
}

/** Secret fields are null in what is stored, and so on replay. */
function storedResult(result: Fields, secret: readonly string[]): Fields {
  return { ...result, ...Object.fromEntries(secret.map((field) => [field, null])) };
}

/** What travels with every message of a call. */
function messageHeaders({ useCase, context, tenantId }: Call, auditId: string): object {
  const { type, id, onBehalfOf } = context.actor;
  return {
    useCase: useCase.definition.name,
    auditId,
    actor: { type, id, onBehalfOf },
    ...(tenantId !== "" && { tenantId }),
    correlationId: context.correlationId,
    causationId: context.causationId,
    traceparent: context.traceparent,
  };
}
