// What a call writes is decided by each call: this is the statement of one that changes one row in each way that the spec allows.
import { type Definition, deletionsOf, type ErasedCondition, type ErasedScope, type ErasedWhere } from "../internals.js";
import { tablePlace } from "../load/plan-loads.js";
import type { OutgoingMessage } from "../messages/message.js";
import type { AnyRepository } from "../repository.js";
import { type DeleteItem, deleteItems, deleteParts } from "../sql/delete-where.js";
import type { OwnNames } from "../sql/own-names.js";
import { type AuditRow, writeAudit } from "../sql/write-audit.js";
import { type KeyRow, writeKey } from "../sql/write-key.js";
import { writeMessages } from "../sql/write-messages.js";
import { writeText } from "../sql/write-part.js";
import { writeSteps } from "../sql/write-rows.js";
import { tableInfo } from "../table-info.js";
import { planWrites } from "../writes/plan-writes.js";
import type { RowChange } from "../writes/row-change.js";
import { withVersion } from "../writes/row-version.js";

/** The values are of a call that there is not: whatever their expressions would read, they are null. */
function exampleDeletes(definition: Definition): Definition {
  const blank = (where: ErasedWhere): ErasedWhere => {
    const { OR, NOT, ...columns } = where;
    const conditions = Object.entries(columns).map(([column, condition]) => [column, blankCondition(condition as ErasedCondition)]);
    return { ...Object.fromEntries(conditions), ...(OR && { OR: OR.map(blank) }), ...(NOT && { NOT: blank(NOT) }) };
  };
  const blanked = deletionsOf(definition).map((deletion) => [deletion.from.name, { ...deletion, where: blank(deletion.where) }]);
  return { ...definition, deletes: Object.fromEntries(blanked) };
}

function blankCondition(condition: ErasedCondition): ErasedCondition {
  if (typeof condition === "function") return () => null;
  const operators = Object.entries(condition).map(([operator, value]) => {
    // As if it took place.
    if (operator === "when") return [operator, () => true];
    const nothing = operator === "in" || operator === "notIn" ? () => [] : () => null;
    return [operator, typeof value === "function" ? nothing : value];
  });
  return Object.fromEntries(operators);
}

/** The write statement of a call that changes one row in each way that the spec allows, and sends each message once. */
export function exampleWrite(names: OwnNames, definition: Definition): string {
  const deletes = deleteParts(exampleDeletes(definition), {} as ErasedScope);
  const counted = [...deletes, ...exampleDeleteItems(definition)].map(({ count }) => ({ entry: {}, count }));
  const parts = [
    ...deletes,
    ...writeSteps(planWrites(exampleChanges(definition), tablePlace(definition.lockOrder ?? [])), deletes),
    ...writeMessages(exampleMessages(definition), { aggregateType: definition.audit?.subject?.type, headers: {}, tenantId: "" }, names),
    writeAudit(exampleAudit(definition), names, counted),
  ];
  if (definition.idempotency !== undefined) parts.push(writeKey(exampleKey(definition.name, definition.idempotency), names));
  return writeText(parts, names);
}

/** The deletes by condition that come before the write statement. */
export function exampleDeleteItems(definition: Definition): readonly DeleteItem[] {
  return deleteItems(exampleDeletes(definition), {} as ErasedScope);
}

/** What records a refusal, or a query that is audited. */
export function auditWrite(names: OwnNames, definition: Definition): string {
  const parts = [writeAudit(exampleAudit(definition), names)];
  if (definition.idempotency !== undefined) parts.push(writeKey(exampleKey(definition.name, definition.idempotency), names));
  return writeText(parts, names);
}

function exampleMessages({ events, jobs }: Definition): readonly OutgoingMessage[] {
  const ofKind = (kind: "event" | "job", declared: Definition["events"]) =>
    Object.entries(declared ?? {}).map(([type, { version = 1, dedupeKey, delaySeconds, at, maxAttempts }]): OutgoingMessage => {
      const sent = { delaySeconds, at: at && new Date(0), maxAttempts, dedupeKey: dedupeKey && "" };
      return { kind, id: "", type, version, key: "", payload: {}, needsKeyLock: false, ...sent };
    });
  return [...ofKind("event", events), ...ofKind("job", jobs)];
}

/** One row of each kind that the spec allows; a transition is part of the update of its row. */
function exampleChanges({ writes, transitions = [], state }: Definition): readonly RowChange[] {
  const locked = new Set(Object.values(state).flatMap(({ from, lock = "none" }) => (lock === "none" ? [] : [from.name])));
  const moved = transitions.flatMap(({ state: load, field }) =>
    state[load] === undefined ? [] : [{ repository: state[load].from, field }],
  );
  const guardsOf = (repository: AnyRepository) =>
    nulls(moved.flatMap((move) => (move.repository.name === repository.name ? [move.field] : [])));
  const loaded = (repository: AnyRepository): Omit<RowChange, "operation"> => ({
    repository,
    identity: "",
    key: nulls(repository.key),
    values: {},
    increments: {},
    guards: {},
    locked: locked.has(repository.name),
    ...(repository.version !== undefined && { version: 0 }),
  });
  const updated = (repository: AnyRepository, columns: readonly string[]): RowChange => {
    const guards = guardsOf(repository);
    return { ...loaded(repository), operation: "update", values: { ...nulls([...columns, ...renewed(repository)]), ...guards }, guards };
  };
  const byRight = Object.values(writes).flatMap((right): RowChange[] => {
    const { into: repository, update, increment, upsert } = right;
    const { version: _, ...keyed } = loaded(repository);
    const own = repository.tenant === undefined ? [] : [repository.tenant];
    return [
      ...(right.delete ? [{ ...loaded(repository), operation: "delete" as const }] : []),
      ...(update ? [updated(repository, update === true ? changeable(repository) : update)] : []),
      ...(increment ? [{ ...keyed, operation: "update" as const, increments: zeros(increment), guards: nulls(own) }] : []),
      ...(upsert ? [{ ...keyed, operation: "upsert" as const, upsert, values: nulls(insertable(repository)) }] : []),
      ...(right.insert ? [{ ...keyed, operation: "insert" as const, values: nulls(insertable(repository)) }] : []),
    ];
  });
  const alone = moved.filter(
    ({ repository }) => !byRight.some((change) => change.operation === "update" && change.repository.name === repository.name),
  );
  return [...byRight, ...alone.map(({ repository }) => updated(repository, []))].map(withVersion);
}

const columnsOf = (repository: AnyRepository) => [...tableInfo(repository).columns.values()];

/** What an insert gives: an id of the key's own sequence too, because a load has taken it. */
const insertable = (repository: AnyRepository) =>
  columnsOf(repository).flatMap(({ key, computed, identity }) => (!computed || (identity && repository.key.includes(key)) ? [key] : []));

function changeable(repository: AnyRepository): readonly string[] {
  const fixed = [...repository.key, repository.tenant, repository.version, ...Object.keys(repository.initial ?? {})];
  return columnsOf(repository).flatMap(({ key, computed }) => (computed || fixed.includes(key) ? [] : [key]));
}

const renewed = (repository: AnyRepository) =>
  columnsOf(repository).flatMap(({ key, column }) => (column.onUpdateFn === undefined ? [] : [key]));
const nulls = (columns: readonly string[]) => Object.fromEntries(columns.map((column) => [column, null]));
const zeros = (columns: readonly string[]) => Object.fromEntries(columns.map((column) => [column, 0]));

/** Of a call by an actor of a tenant, with a reason, and none of the other ids that a context may have. */
function exampleAudit({ name, audit, idempotency }: Definition): AuditRow {
  return {
    id: "",
    useCase: name,
    action: audit?.action ?? name,
    outcome: "committed",
    tenantId: "",
    actor: "",
    subjectType: audit?.subject?.type ?? null,
    subjectId: audit?.subject === undefined ? null : "",
    reason: "",
    command: "",
    changes: "",
    error: null,
    idempotencyKey: idempotency === undefined ? null : "",
    correlationId: null,
    causationId: null,
    requestId: null,
  };
}

function exampleKey(useCase: string, { retentionSeconds }: NonNullable<Definition["idempotency"]>): KeyRow {
  return { tenantId: "", scope: "", useCase, key: "", fingerprint: "", outcome: null, auditId: "", retentionSeconds };
}
