import { storableJson } from "./codec/storable-text.js";
import type { UseCaseError } from "./errors.js";
import type { Definition, ErasedDeletion, ErasedOutcomeScope, ErasedScope, Fields } from "./internals.js";
import { mapFields, redacted, withoutSecrets } from "./secret-fields.js";
import type { AuditRow } from "./sql/write-own-rows.js";
import type { Call } from "./validate.js";
import { conditionValues } from "./writes/condition-values.js";
import type { RowChange } from "./writes/row-change.js";

/** The audit's row for a call that changes something, or for a query that is audited. */
export function committedRow(call: Call, id: string, scope: ErasedOutcomeScope, changes: readonly RowChange[]): AuditRow {
  return {
    ...baseRow(call, id),
    ...subjectOf(call, scope),
    outcome: "committed",
    changes: storableJson(withoutSecrets(changes.map(auditedChange), call.command, call.useCase.definition.secretFields ?? [])),
    error: null,
  };
}

/** The same for a refusal; `scope` is as far as the call got. */
export function refusedRow(call: Call, id: string, scope: unknown, error: UseCaseError): AuditRow {
  const { code, details } = error;
  return {
    ...baseRow(call, id),
    // The subject may stand on what was never loaded or decided.
    ...lenientSubject(call, scope as ErasedOutcomeScope),
    outcome: "refused",
    changes: null,
    error: storableJson({ code, ...(details !== undefined && { details }) }),
  };
}

function baseRow(
  { useCase: { definition }, command, context, tenantId, key }: Call,
  id: string,
): Omit<AuditRow, "outcome" | "changes" | "error" | "subjectType" | "subjectId"> {
  const { type, id: actorId, tenantId: actorTenant, roles, onBehalfOf } = context.actor;
  return {
    id,
    useCase: definition.name,
    action: definition.audit?.action ?? definition.name,
    tenantId: tenantId === "" ? null : tenantId,
    // Not the claims: they may hold anything.
    actor: storableJson({ type, id: actorId, tenantId: actorTenant, roles, onBehalfOf }),
    reason: context.reason ?? null,
    command: storableJson(mapFields(command, definition.secretFields ?? [], () => redacted)),
    idempotencyKey: key?.key ?? context.idempotencyKey ?? null,
    correlationId: context.correlationId ?? null,
    causationId: context.causationId ?? null,
    requestId: context.requestId ?? null,
  };
}

function subjectOf({ useCase: { definition } }: Call, scope: ErasedOutcomeScope): Pick<AuditRow, "subjectType" | "subjectId"> {
  const { subject } = definition.audit ?? {};
  const id = subject?.id(scope);
  return id === undefined || id === null || subject === undefined ? noSubject : { subjectType: subject.type, subjectId: String(id) };
}

const noSubject = { subjectType: null, subjectId: null };

function lenientSubject(call: Call, scope: ErasedOutcomeScope): Pick<AuditRow, "subjectType" | "subjectId"> {
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
  if (operation === "delete") return { table, operation, key, ...(before && { before: shown(before) }) };
  const changed = Object.keys(values);
  return {
    table,
    operation,
    key,
    ...(before && changed.length > 0 && { before: shown(Object.fromEntries(changed.map((column) => [column, before[column]]))) }),
    ...(changed.length > 0 && { after: shown(values) }),
    // Added without being read: what stood there before is not known.
    ...(Object.keys(increments).length > 0 && { increments }),
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
