import type { Decision } from "./apply.js";
import { auditedDeletion, committedRow } from "./audit.js";
import { storableJson } from "./codec/storable-text.js";
import type { ErasedScope } from "./internals.js";
import type { BurstItem } from "./ports.js";
import { type DeleteItem, deleteItems, deleteParts } from "./sql/delete-where.js";
import { writeAudit } from "./sql/write-audit.js";
import { writeKey } from "./sql/write-key.js";
import { writeMessages } from "./sql/write-messages.js";
import { type WritePart, writeItem } from "./sql/write-part.js";
import { writeSteps } from "./sql/write-rows.js";
import type { Transaction } from "./transaction.js";
import type { Call } from "./validate.js";
import { planWrites } from "./writes/plan-writes.js";
import type { RowChange } from "./writes/row-change.js";

/**
 * Writes what was decided, in one statement: changes and transitions, events and jobs, the audit's row, the key's
 * outcome; and commits. Everything is turned into text before anything is sent. Resolves to the audit row's id.
 */
export async function writeDecision(call: Call, tx: Transaction, decision: Decision, early: EarlyWrites): Promise<string> {
  const { runtime, useCase, key, tenantId } = call;
  const { definition, place } = useCase;
  const { names } = runtime;
  const { changes, messages, scope } = decision;
  const auditId = runtime.newId();
  const deletes = deleteParts(definition, scope);
  const apart = early.deletes(scope);
  const counted = [...apart.all, ...deletes].map(({ deletion, count }) => ({ entry: auditedDeletion(definition, deletion, scope), count }));
  const parts: WritePart[] = [...deletes, ...writeSteps(planWrites(changes, place), deletes)];
  if (messages.length > 0) {
    const context = { aggregateType: definition.audit?.subject?.type, headers: messageHeaders(call, auditId), tenantId };
    parts.push(...writeMessages(messages, context, names));
  }
  parts.push(writeAudit(committedRow(call, auditId, scope, [...early.changes, ...changes]), names, counted));
  if (key !== undefined) parts.push(writeKey({ ...key, outcome: storedResult(decision, definition.secretResult), auditId }, names));
  const keyLocks = messages.filter(({ needsKeyLock }) => needsKeyLock).map((message) => message.key);
  await tx.write(parts, keyLocks, apart.unsent);
  return auditId;
}

/** What of a call has been written before the write statement, because its handler asked for more by `tx`. */
export interface EarlyWrites {
  readonly changes: readonly RowChange[];
  /** The deletes that are statements of their own, and those of them that are still to be sent. */
  deletes(scope: ErasedScope): { readonly all: readonly DeleteItem[]; readonly unsent: readonly BurstItem[] };
  /** Writes changes now, and before them the deletes. */
  write(changes: readonly RowChange[], scope: ErasedScope): Promise<void>;
}

export function earlyWrites({ runtime: { names }, useCase }: Call, tx: Pick<Transaction, "run">): EarlyWrites {
  const { definition, place, statements } = useCase;
  const written: RowChange[] = [];
  let sent: readonly DeleteItem[] | undefined;
  const deletes = (scope: ErasedScope) => {
    const all = sent ?? deleteItems(definition, scope);
    return { all, unsent: sent === undefined ? all.map(({ item }) => item) : [] };
  };
  return {
    changes: written,
    deletes,
    async write(changes, scope) {
      const { all, unsent } = deletes(scope);
      const parts = writeSteps(planWrites(changes, place));
      const items = parts.length === 0 ? unsent : [...unsent, writeItem(parts, names, statements)];
      if (items.length > 0) await tx.run(items);
      sent = all;
      written.push(...changes);
    },
  };
}

/** Secret fields are null in what is stored, and so on replay. */
function storedResult({ result, resultText }: Decision, secret: readonly string[] = []): string {
  if (secret.length === 0) return resultText;
  return storableJson({ ...result, ...Object.fromEntries(secret.map((field) => [field, null])) });
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
