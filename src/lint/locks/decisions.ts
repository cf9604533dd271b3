// What a use case decides on: rows that its policies read, and what keeps others from changing these before it writes.
import type { Load, Policy, TableLoad } from "../../spec/model.js";
import { allConditions } from "../conditions.js";
import type { UseCaseContext } from "../context.js";
import { policyList } from "../policy-list.js";
import type { Gatherer } from "../rule.js";
import { tableLoads } from "../table-loads.js";
import { coversUnique, fixedColumns } from "../unique-columns.js";
import { parentsIn } from "./gates.js";
import { loadLevels } from "./load-levels.js";
import type { LockPlace } from "./lock-step.js";
import { namesIn } from "./names-in.js";
import { excludesItself } from "./row-lock.js";
import { changesOf, type Protection, protectionOf, type TableChange } from "./table-changes.js";

/** A policy's reading of rows: its answer may no longer be true when the call writes. */
export interface Decision {
  readonly load: string;
  readonly table: string;
  readonly cardinality: TableLoad["cardinality"];
  readonly lock: TableLoad["lock"];
  readonly loadAt: LockPlace;
  /** `decides on`, or whatever a check does. */
  readonly does: string;
  readonly policyAt: LockPlace;
  readonly error: string | undefined;
  /** Found by a unique key, one by one or by a list: which rows they are does not change, only what they say. */
  readonly known: boolean;
  /** The columns by which the rows are found. */
  readonly filter: readonly string[];
  /** The fields that the policy reads; undefined where nobody knows. */
  readonly fields: readonly string[] | undefined;
  /** Whether the use case also inserts such rows. */
  readonly inserts: boolean;
  /** The locked rows through which these are found. */
  readonly parents: readonly Parent[];
}

export interface Parent {
  readonly name: string;
  readonly table: string;
  /** Whether an insert of the decided rows waits for it by a foreign key. */
  readonly holdsInserts: boolean;
}

export interface DecisionFacts {
  readonly protection: Protection;
  readonly changes: readonly TableChange[];
  readonly decisions: readonly Decision[];
}

export const decisionFacts: Gatherer<DecisionFacts> = {
  id: "decisions",
  of(context) {
    const changes = changesOf(context);
    const decisions = context.useCase.kind === "query" ? [] : decisionsOf(context);
    return changes.length + decisions.length === 0 ? undefined : { protection: protectionOf(context), changes, decisions };
  },
};

function decisionsOf(context: UseCaseContext): readonly Decision[] {
  const open = tableLoads(context.useCase).filter((load) => mayChange(load, context));
  if (open.length === 0) return [];
  // Policies often decide on the same rows.
  const known = new Map<TableLoad, DecidedRows>();
  const rowsOf = (load: TableLoad): DecidedRows => {
    const rows = known.get(load) ?? decidedRows(load, context);
    known.set(load, rows);
    return rows;
  };
  return policyList(context.useCase).flatMap((policy) => {
    if (policy.kind === "permission" || isConstrained(policy, context)) return [];
    return decidedOn(policy, open).map(({ load, fields }): Decision => {
      const at = policy.kind === "rule" ? policy.rule : policy.check;
      const rows = rowsOf(load);
      return {
        load: load.name,
        table: load.table.name,
        cardinality: load.cardinality,
        lock: load.lock,
        loadAt: { path: load.path, file: load.file ?? context.file },
        does: policy.kind === "rule" ? "decides on" : `has ${policy.check.name} decide on`,
        policyAt: { path: at.path, file: at.file ?? policy.file ?? context.file },
        error: policy.error?.name,
        known: rows.known,
        filter: rows.filter,
        fields: fields && [...fields],
        inserts: rows.inserts,
        parents: rows.parents,
      };
    });
  });
}

/** Whether others could make a decision on these rows wrong. A locked row that is found by a key stays as it is. */
function mayChange(load: TableLoad, context: UseCaseContext): boolean {
  if (load.lock === "none" || !isKnownRow(load, context)) return true;
  // That a row is not there is decided upon by whoever then inserts it.
  return load.cardinality === "optional" && insertsInto(load.table.name, context);
}

type DecidedRows = Pick<Decision, "known" | "filter" | "inserts" | "parents">;

/** What is the same whoever decides on the rows. */
function decidedRows(load: TableLoad, context: UseCaseContext): DecidedRows {
  const table = load.table.name;
  return {
    known: isKnownRow(load, context),
    filter: [...new Set(allConditions(load.where).map(({ column }) => column.name))],
    inserts: insertsInto(table, context),
    parents: lockedParents(load, context).map((parent) => ({
      name: parent.name,
      table: parent.table.name,
      holdsInserts:
        parent.lock === "update" && context.findTable(table)?.foreignKeys.some((key) => key.table === parent.table.name) === true,
    })),
  };
}

function insertsInto(table: string, { useCase }: UseCaseContext): boolean {
  return useCase.writes.some(({ insert, upsert, table: { name } }) => (insert || upsert !== undefined) && name === table);
}

/** The database refuses by itself what this policy refuses. */
function isConstrained({ error }: Policy, { findError }: UseCaseContext): boolean {
  return error !== undefined && (findError(error.name)?.constraints.length ?? 0) > 0;
}

interface Decided {
  readonly load: TableLoad;
  readonly fields: ReadonlySet<string> | undefined;
}

function decidedOn(policy: Policy & { readonly kind: "rule" | "check" }, loads: readonly TableLoad[]): readonly Decided[] {
  // A check sees all loads. Rows that are not locked and may be any number are there to be decided on.
  if (policy.kind === "check") {
    return loads.filter((load) => load.lock === "none" && load.cardinality !== "one").map((load) => ({ load, fields: undefined }));
  }
  const rule = namesIn(policy.rule);
  const when = policy.when && namesIn(policy.when);
  const fields = when === undefined ? rule.fields : new Set([...rule.fields, ...when.fields]);
  return loads.filter(({ name }) => rule.roots.has(name) || when?.roots.has(name) === true).map((load) => ({ load, fields }));
}

function isKnownRow(load: TableLoad, { useCase, project, findTable }: UseCaseContext): boolean {
  const table = findTable(load.table.name);
  if (table === undefined || load.aggregate !== undefined) return false;
  const columns = new Set(fixedColumns(load, table, useCase, project.config));
  for (const { operator, when, column } of load.where.conditions) if (operator === "in" && when === undefined) columns.add(column.name);
  return coversUnique(columns, table);
}

/** The rows that are locked first and through which the load's rows are found. */
function lockedParents(load: TableLoad, context: UseCaseContext): readonly TableLoad[] {
  const mayBeParent = (other: Load) => other.kind === "table" && other !== load && excludesItself(other.lock);
  if (!context.useCase.loads.some(mayBeParent)) return [];
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
