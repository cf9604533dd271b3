// What one call does, told to people. The statements are the ones that are sent; only the write statement is an example,
// because what it writes is decided by each call.
import { type Definition, deletionsOf, type ErasedCondition, type ErasedPolicy, type ErasedScope, type ErasedWhere } from "./internals.js";
import type { LoadGroup, LoadLevel } from "./load/plan-loads.js";
import type { OutgoingMessage } from "./messages/message.js";
import type { PreparedUseCase, Runtime } from "./runtime.js";
import { beginSnapshot } from "./sql/begin-statement.js";
import { deleteParts } from "./sql/delete-where.js";
import { parameters } from "./sql/parameters.js";
import { sessionStatement } from "./sql/session-settings.js";
import { type AuditRow, writeAudit, writeKey, writeMessages } from "./sql/write-own-rows.js";
import { writeStatement, writeSteps } from "./sql/write-statement.js";
import { tableInfo } from "./table-info.js";
import { planWrites } from "./writes/plan-writes.js";
import type { RowChange } from "./writes/row-change.js";

/** The steps of a use case with their SQL, its lock order and its round trips, as text. */
export function explain(runtime: Runtime, useCase: PreparedUseCase): string {
  const { definition, levels } = useCase;
  const { policies, transitions = [], idempotency, query } = definition;
  const settings = Object.keys(definition.session ?? {}).length;
  const early = policies.filter(isEarly).map(policyText);
  const late = policies.filter((policy) => !isEarly(policy)).map(policyText);
  const locked = levels.flatMap(({ groups }) => groups).filter(({ lock }) => lock !== "none");
  const advisory = query ? [] : levels.flatMap(({ locks }) => locks?.names ?? []);
  return [
    `${definition.name} (${definition.spec})`,
    "1. validate the command",
    `2. permissions before any row: ${list(early)}`,
    ...prepareLines(useCase),
    ...(query
      ? snapshotLines(useCase)
      : ["3. begin, and claim the idempotency key", ...statement(useCase.begin[idempotency ? "gated" : "open"].text)]),
    ...(settings === 0 ? [] : statement(sessionStatement(settings).text)),
    ...(idempotency ? statement(useCase.claim.text) : []),
    "4. load the state",
    ...levels.flatMap((level, index) => [`   burst ${index + 1}`, ...levelLines(level, query === true)]),
    `5. policies: ${list(late)}`,
    `   transitions: ${list(transitions.map(({ state, machine, event }) => `${machine}.${event} of ${state}`))}`,
    "6. apply: the handler",
    ...(query
      ? ["7. write nothing"]
      : ["7. write, for example", ...statement(exampleWrite(runtime, useCase)), "8. commit, in the same burst"]),
    "9. the typed result",
    `lock order: ${list([...advisory.map((name) => `${name} (advisory)`), ...locked.map(({ repository, lock }) => `${repository.name} (${lock})`)])}`,
    `round trips: ${(levels.length + (query ? 0 : 1) || 1) + (looks(definition) ? 1 : 0)}`,
  ].join("\n");
}

function prepareLines({ definition }: PreparedUseCase): readonly string[] {
  const prepare = Object.entries(definition.prepare ?? {});
  if (prepare.length === 0) return [];
  const functions = prepare.map(([name, { timeoutMs, error }]) => `${name} within ${timeoutMs} ms, else ${error ?? "Unavailable"}`);
  return [...(looks(definition) ? ["   a stored outcome is the answer"] : []), `   prepare: ${list(functions)}`];
}

/** Before what the spec prepares, a look whether the key has an outcome already. */
function looks({ prepare, idempotency }: Definition): boolean {
  return prepare !== undefined && idempotency !== undefined;
}

function isEarly(policy: ErasedPolicy): boolean {
  return "permission" in policy && policy.resource === undefined && policy.when === undefined;
}

function policyText(policy: ErasedPolicy): string {
  const text =
    "permission" in policy ? `permission ${policy.permission}` : "check" in policy ? `check ${policy.check}` : `rule ${policy.source}`;
  return policy.error === undefined ? text : `${text} else ${policy.error}`;
}

function snapshotLines({ definition, levels }: PreparedUseCase): readonly string[] {
  const statements = levels.flatMap(({ groups }) => groups).length;
  return statements > 1 || definition.session !== undefined
    ? ["3. one read-only snapshot", ...statement(beginSnapshot(definition.transaction).text)]
    : ["3. no transaction"];
}

function levelLines({ locks, groups, sequences }: LoadLevel, query: boolean): readonly string[] {
  return [
    ...(locks === undefined || query ? [] : [`   ${locks.names.join(", ")}: advisory locks`, ...statement(locks.statement.text)]),
    ...groups.flatMap((group) => groupLines(group, query)),
    ...(sequences === undefined || query ? [] : [`   ${sequences.names.join(", ")}: ids`, ...statement(sequences.text)]),
  ];
}

function groupLines({ repository, lock, loads, statement: variantOf }: LoadGroup, query: boolean): readonly string[] {
  const variant = variantOf(loads, () => true, "explained", query ? "snapshot" : "transaction");
  const names = loads.map(({ name }) => name).join(", ");
  return [
    `   ${names}: ${repository.name}${lock === "none" || query ? "" : `, locked ${lock}`}`,
    ...statement(variant.compiled.statement.text),
  ];
}

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
    const nothing = operator === "in" || operator === "notIn" ? () => [] : () => null;
    return [operator, typeof value === "function" ? nothing : value];
  });
  return Object.fromEntries(operators);
}

function exampleWrite({ names }: Runtime, { definition }: PreparedUseCase): string {
  const list = parameters();
  const messages = [...Object.entries(definition.events ?? {}), ...Object.entries(definition.jobs ?? {})].map(
    ([type, { dedupeKey }]): OutgoingMessage => ({
      kind: "event",
      id: "",
      type,
      version: 1,
      key: "",
      payload: {},
      needsKeyLock: false,
      dedupeKey: dedupeKey && "",
    }),
  );
  const deletes = deleteParts(exampleDeletes(definition), {} as ErasedScope, list);
  const counted = deletes.map(({ cte }) => ({ entry: {}, cte }));
  const parts = [
    ...deletes,
    ...writeSteps(planWrites(exampleChanges(definition), definition.lockOrder ?? []), list, deletes),
    ...writeMessages(messages, { aggregateType: undefined, headers: {}, tenantId: "" }, names, list),
    writeAudit(exampleAudit, names, list, counted),
  ];
  const key = { tenantId: "", scope: "", useCase: "", key: "", fingerprint: "", outcome: null, auditId: "", retentionSeconds: 0 };
  if (definition.idempotency !== undefined) parts.push(writeKey(key, names, list));
  return writeStatement(parts, names);
}

/** One row of each kind that the spec allows, and one for each transition. */
function exampleChanges({ writes, transitions = [], state }: PreparedUseCase["definition"]): readonly RowChange[] {
  const nulls = (columns: readonly string[]) => Object.fromEntries(columns.map((column) => [column, null]));
  const zeros = (columns: readonly string[]) => Object.fromEntries(columns.map((column) => [column, 0]));
  const rights = Object.values(writes).flatMap((right): RowChange[] => {
    const { into: repository, update, increment } = right;
    const all = [...tableInfo(repository.table).columns.values()];
    const columns = all.filter(({ computed }) => !computed).map(({ key }) => key);
    const ids = all.filter(({ key, identity }) => identity && repository.key.includes(key)).map(({ key }) => key);
    const fixed = [...repository.key, repository.tenant, ...Object.keys(repository.initial ?? {})];
    const base = { repository, identity: "", key: nulls(repository.key), values: {}, increments: {}, guards: {}, locked: true };
    const updated = update === true ? columns.filter((column) => !fixed.includes(column)) : update;
    return [
      ...(right.delete ? [{ ...base, operation: "delete" as const }] : []),
      ...(updated ? [{ ...base, operation: "update" as const, values: nulls(updated) }] : []),
      ...(increment ? [{ ...base, operation: "update" as const, increments: zeros(increment) }] : []),
      ...(right.upsert ? [{ ...base, operation: "upsert" as const, upsert: right.upsert, values: nulls([...ids, ...columns]) }] : []),
      ...(right.insert ? [{ ...base, operation: "insert" as const, values: nulls([...ids, ...columns]) }] : []),
    ];
  });
  const moved = transitions.flatMap(({ state: load, field }): RowChange[] => {
    const repository = state[load]?.from;
    if (repository === undefined) return [];
    const values = { [field]: null };
    return [
      { repository, identity: "", key: nulls(repository.key), operation: "update", values, increments: {}, guards: values, locked: true },
    ];
  });
  return [...rights, ...moved];
}

const exampleAudit: AuditRow = {
  id: "",
  useCase: "",
  action: "",
  outcome: "committed",
  tenantId: null,
  actor: "",
  subjectType: null,
  subjectId: null,
  reason: null,
  command: "",
  changes: null,
  error: null,
  idempotencyKey: null,
  correlationId: null,
  causationId: null,
  requestId: null,
};

function statement(text: string): readonly string[] {
  return [`     ${text}`];
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "none" : items.join(", ");
}
