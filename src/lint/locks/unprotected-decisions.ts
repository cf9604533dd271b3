// Write skew: two calls decide on rows that the other one is about to change, both find that they may, and together they
// break what each has made sure of.
import type { Policy, TableLoad } from "../../spec/model.js";
import { allConditions } from "../conditions.js";
import type { UseCaseContext } from "../context.js";
import { policyList } from "../policy-list.js";
import { tableLoads } from "../table-loads.js";
import { coversUnique, fixedColumns } from "../unique-columns.js";
import { parentsIn } from "./gates.js";
import { loadLevels } from "./load-levels.js";
import { namesIn } from "./names-in.js";
import { excludesItself } from "./row-lock.js";
import type { RowWriter, TableChange, TableChanges } from "./table-changes.js";

/** A policy whose answer may no longer be true when the call writes. */
export interface UnprotectedDecision {
  readonly context: UseCaseContext;
  readonly policy: Policy & { readonly kind: "rule" | "check" };
  readonly load: TableLoad;
  /** What may change the rows meanwhile. */
  readonly writers: readonly RowWriter[];
  /** The locked rows through which the load's rows are found; the writers do not lock them. */
  readonly parents: readonly TableLoad[];
}

/** The decisions of one use case that nothing protects, one for each load. */
export function unprotectedDecisions(context: UseCaseContext, changes: TableChanges): readonly UnprotectedDecision[] {
  if (context.useCase.kind === "query") return [];
  const told = new Set<TableLoad>();
  return policyList(context.useCase).flatMap((policy) => {
    if (policy.kind === "permission" || isConstrained(policy, context)) return [];
    return decidedOn(policy, context).flatMap(({ load, fields }): UnprotectedDecision[] => {
      if (told.has(load)) return [];
      const dangers = (changes.get(load.table.name) ?? []).filter((change) => isDanger(change, load, fields, context));
      const parents = dangers.length === 0 ? [] : lockedParents(load, context);
      // The row that the use case itself writes is what `lock/write-without-lock` is about; and its own calls meet at the parent.
      const known = isKnownRow(load, context);
      const isOwnMatter = ({ kind }: TableChange) => parents.length > 0 || (kind === "update" && known);
      const writers = dangers
        .filter((change) => !isProtected(change, load, parents, context))
        .flatMap((change) => change.writers.filter((writer) => writer.context !== context || !isOwnMatter(change)));
      if (writers.length === 0) return [];
      told.add(load);
      return [{ context, policy, load, writers, parents }];
    });
  });
}

/** The database refuses by itself what this policy refuses. */
function isConstrained({ error }: Policy, { findError }: UseCaseContext): boolean {
  return error !== undefined && (findError(error.name)?.constraints.length ?? 0) > 0;
}

interface Decided {
  readonly load: TableLoad;
  /** Names of fields that the policy reads; undefined where nobody knows. */
  readonly fields: ReadonlySet<string> | undefined;
}

function decidedOn(policy: UnprotectedDecision["policy"], context: UseCaseContext): readonly Decided[] {
  const loads = tableLoads(context.useCase);
  // A check sees all loads. Rows that are not locked and may be any number are there to be decided on.
  if (policy.kind === "check") {
    return loads.filter((load) => load.lock === "none" && load.cardinality !== "one").map((load) => ({ load, fields: undefined }));
  }
  const read = [policy.rule, policy.when].flatMap((expression) => (expression === undefined ? [] : [namesIn(expression)]));
  const roots = new Set(read.flatMap((names) => [...names.roots]));
  const fields = new Set(read.flatMap((names) => [...names.fields]));
  return loads.filter(({ name }) => roots.has(name)).map((load) => ({ load, fields }));
}

/** Whether a change by another call could make the decision wrong. */
function isDanger(change: TableChange, load: TableLoad, fields: Decided["fields"], context: UseCaseContext): boolean {
  const known = isKnownRow(load, context);
  // Rows that are locked stay as they are; but a lock cannot keep new ones out.
  const locked = load.lock !== "none";
  const filter = new Set([...allConditions(load.where)].map(({ column }) => column.name));
  // That a row is not there is decided upon by whoever then inserts it; for others its coming makes no difference.
  const inserts = context.useCase.writes.some(
    ({ insert, upsert, table }) => (insert || upsert !== undefined) && table.name === load.table.name,
  );
  if (change.kind === "insert") return !known || (load.cardinality === "optional" && inserts);
  if (change.kind === "delete") return !locked;
  if (locked && known) return false;
  if (change.columns === "any") return true;
  return change.columns.some((column) => filter.has(column) || (!locked && (fields === undefined || fields.has(column))));
}

/** Rows that are found by their unique key, one by one or by a list: which they are does not change, only what they say. */
function isKnownRow(load: TableLoad, { useCase, project, findTable }: UseCaseContext): boolean {
  const table = findTable(load.table.name);
  if (table === undefined || load.aggregate !== undefined) return false;
  const listed = load.where.conditions
    .filter(({ operator, when }) => operator === "in" && when === undefined)
    .map(({ column }) => column.name);
  return coversUnique(new Set([...fixedColumns(load, table, useCase, project.config), ...listed]), table);
}

/** The rows that are locked first and through which the load's rows are found. */
function lockedParents(load: TableLoad, context: UseCaseContext): readonly TableLoad[] {
  const levels = loadLevels(context);
  const found = new Set<TableLoad>();
  const visit = (child: TableLoad): void => {
    for (const { load: parent } of child.where.conditions.flatMap((condition) => parentsIn(condition, context))) {
      if (found.has(parent) || parent === load || (levels?.get(parent.name) ?? 0) > (levels?.get(load.name) ?? 0)) continue;
      found.add(parent);
      visit(parent);
    }
  };
  visit(load);
  return [...found].filter(({ lock }) => excludesItself(lock));
}

/** Whether the writers have to wait until the decision is carried out: they lock a parent, or something that stands for it. */
function isProtected(change: TableChange, load: TableLoad, parents: readonly TableLoad[], { useCase, findTable }: UseCaseContext): boolean {
  if (change.isSerializable && useCase.transaction.isolation === "serializable") return true;
  if (change.takesAdvisoryLock && useCase.loads.some(({ kind }) => kind === "advisoryLock")) return true;
  return parents.some(({ table, lock }) => {
    if (change.locks.has(table.name)) return true;
    if (change.kind !== "insert") return false;
    // Children of a parent that is new itself are nobody else's.
    if (change.inserts.has(table.name)) return true;
    // An insert waits by its foreign key for whoever has the parent locked `update`.
    return lock === "update" && findTable(load.table.name)?.foreignKeys.some((key) => key.table === table.name) === true;
  });
}
