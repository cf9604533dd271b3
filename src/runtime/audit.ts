import { storableJson } from "./codec/storable-text.js";
import type { UseCaseError } from "./errors.js";
import type { Definition, ErasedDeletion, ErasedOutcomeScope, ErasedScope, Fields } from "./internals.js";
import type { SqlText } from "./ports.js";
import { mapFields, redacted, withoutSecrets } from "./secret-fields.js";
import type { AuditRow } from "./sql/write-audit.js";
import type { Call } from "./validate.js";
import { conditionValues } from "./writes/condition-values.js";
import type { RowChange } from "./writes/row-change.js";

/** The audit's row for a call that changes something, or for a query that is audited. */
export function committedRow(call: Call, id: string, scope: ErasedOutcomeScope, changes: readonly RowChange[]): AuditRow {
  const { command, useCase } = call;
  const shown = withoutSecrets(changes.map(auditedChange), command, useCase.definition.secretFields ?? []);
  return auditRow(call, id, subjectOf(call, scope), "committed", storableJson(shown), null);
}

/** The same for a refusal; `scope` is as far as the call got. */
export function refusedRow(call: Call, id: string, scope: unknown, { code, details }: UseCaseError): AuditRow {
  // The subject may stand on what was never loaded or decided.
  const subject = lenientSubject(call, scope as ErasedOutcomeScope);
  return auditRow(call, id, subject, "refused", null, storableJson({ code, ...(details !== undefined && { details }) }));
}

function auditRow(
  { useCase: { definition }, command, context, tenantId, key }: Call,
  id: string,
  { subjectType, subjectId }: AuditedSubject,
  outcome: AuditRow["outcome"],
  changes: SqlText,
  error: SqlText,
): AuditRow {
  const { type, id: actorId, tenantId: actorTenant, roles, onBehalfOf } = context.actor;
  const { secretFields } = definition;
  return {
    id,
    useCase: definition.name,
    action: definition.audit?.action ?? definition.name,
    outcome,
    tenantId: tenantId === "" ? null : tenantId,
    // Not the claims: they may hold anything.
    actor: storableJson({ type, id: actorId, tenantId: actorTenant, roles, onBehalfOf }),
    subjectType,
    subjectId,
    reason: context.reason ?? null,
    command: storableJson(secretFields === undefined ? command : mapFields(command, secretFields, () => redacted)),
    changes,
    error,
    idempotencyKey: key?.key ?? context.idempotencyKey ?? null,
    correlationId: context.correlationId ?? null,
    causationId: context.causationId ?? null,
    requestId: context.requestId ?? null,
  };
}

type AuditedSubject = Pick<AuditRow, "subjectType" | "subjectId">;

function subjectOf({ useCase: { definition } }: Call, scope: ErasedOutcomeScope): AuditedSubject {
  const { subject } = definition.audit ?? {};
  const id = subject?.id(scope);
  return id === undefined || id === null || subject === undefined ? noSubject : { subjectType: subject.type, subjectId: String(id) };
}

const noSubject = { subjectType: null, subjectId: null };

function lenientSubject(call: Call, scope: ErasedOutcomeScope): AuditedSubject {
  try {
    return subjectOf(call, scope);
  } catch {
    return noSubject;
  }
}

function auditedChange(change: RowChange): Fields {
  const { repository, operation, key, before, values, increments } = change;
  const { secret = [] } = repository;
  const shown = (row: Fields) => mapFields(row, secret, () => redacted);
  const table = repository.name;
  if (operation === "insert") return { table, operation, key, after: shown(values) };
  if (operation === "upsert") return { table, operation, key, ...upserted(change, shown) };
  if (operation === "delete") return { table, operation, key, before: before && shown(before) };
  const changed = Object.keys(values);
  const added = Object.keys(increments).length > 0;
  if (changed.length === 0) return { table, operation, key, increments: added ? increments : undefined };
  const earlier: Record<string, unknown> = {};
  if (before !== undefined) for (const column of changed) earlier[column] = before[column];
  return {
    table,
    operation,
    key,
    before: before && shown(earlier),
    after: shown(values),
    // Added without being read: what stood there before is not known.
    increments: added ? increments : undefined,
  };
}

/** Whether the row was there is not known: some columns have their values for certain, the others if it is new. */
function upserted({ values, upsert }: RowChange, shown: (row: Fields) => Fields): Fields {
  const certain = new Set([...(upsert?.key ?? []), ...(upsert?.update ?? [])]);
  const part = (chosen: boolean) => shown(Object.fromEntries(Object.entries(values).filter(([column]) => certain.has(column) === chosen)));
  return { after: part(true), ifNew: part(false) };
}

/** What the audit keeps of a delete by condition; the database adds how many rows it was. */
export function auditedDeletion(
  { secretFields = [] }: Pick<Definition, "secretFields">,
  { from: { name: table, secret = [] }, where }: ErasedDeletion,
  scope: ErasedScope,
): Fields {
  const hide = (column: string, value: unknown) => (secret.includes(column) && value !== null ? redacted : value);
  return { table, operation: "delete", key: {}, where: withoutSecrets(conditionValues(where, scope, hide), scope.command, secretFields) };
}
