// The locks that the write statement takes. Rows that a load has locked already wait for nothing more, unless the
// change needs a stronger lock than the load took.
import type { Located, Name, TableLoad, Write } from "../../spec/model.js";
import type { UseCaseContext } from "../context.js";
import { once } from "../once.js";
import { gatesOf, type IsUnchanged } from "./gates.js";
import { common, type LockPlan } from "./load-steps.js";
import type { LockStep } from "./lock-step.js";
import { excludesItself, isStronger, type RowLock, waitsFor } from "./row-lock.js";
import { tablePlace } from "./table-place.js";

interface Change {
  /** Deletes first, then updates, increments, inserts. */
  readonly rank: number;
  readonly table: string;
  readonly lock: RowLock;
  readonly verb: string;
  readonly at: Located;
  /** Whether its rows are loaded ones. */
  readonly loaded: boolean;
  /** A transition's own load. */
  readonly load?: string;
}

/** The locks of the rows that are changed, as far as no load has them already, in the runtime's order. */
export function writeSteps(context: UseCaseContext, plan: LockPlan, isUnchanged: IsUnchanged): readonly LockStep[] {
  const place = tablePlace(plan.lockOrder);
  const steps = changes(context)
    .toSorted((a, b) => a.rank - b.rank || place(a.table, b.table))
    .flatMap((change): LockStep[] => {
      const { table, lock, verb, at, load } = change;
      const loads = change.loaded ? loadsOf(context, table).filter(({ name }) => load === undefined || name === load) : [];
      const rows = change.loaded ? changedRows(loads, plan) : undefined;
      if (rows?.loads.length === 0) return [];
      const waits = waitsFor(lock, rows?.held);
      if (waits.length === 0) return [];
      return [
        {
          resource: table,
          lock,
          waitsFor: waits,
          stage: { kind: "write" },
          gates: once(() => common((rows?.loads ?? []).map((each) => gatesOf(table, each.where, context, isLocked, isUnchanged)))),
          loads: rows?.loads.map(({ name }) => name) ?? [],
          does: `${verb} ${table}`,
          at: { ...at, file: at.file ?? context.file },
        },
      ];
    });
  if (steps.length < 2) return steps;
  // What changes rows of one table in several ways is taken to change each row in one.
  return steps.filter(({ resource }, index) => steps.findIndex((step) => step.resource === resource) === index);
}

/**
 * The lock that changing rows of a table by a write takes: `update` where a row goes or a column of a unique index
 * changes, since others may refer to that; else `no key update`.
 */
export function updateLock(columns: readonly Name[] | "any", table: string, { findTable }: UseCaseContext): RowLock {
  const found = findTable(table);
  if (columns === "any" || found === undefined) return "no key update";
  const { primaryKey, uniques } = found;
  const inKey = (name: string) => primaryKey.includes(name) || uniques.some((key) => !key.partial && key.columns.includes(name));
  return columns.some(({ name }) => inKey(name)) ? "update" : "no key update";
}

function changes(context: UseCaseContext): readonly Change[] {
  const { writes, transitions } = context.useCase;
  const written = writes.flatMap((write) => changesOf(write, context));
  const taken = transitions.flatMap(({ load, machine, path, file, event }): Change[] => {
    const found = context.findLoad(load.name);
    if (found?.kind !== "table") return [];
    const at = { path, ...(file !== undefined && { file }) };
    const field = context.findMachine(machine.name)?.field;
    const lock = updateLock(field === undefined ? [] : [field], found.table.name, context);
    return [{ rank: 1, table: found.table.name, lock, verb: `takes ${event.name} on`, at, loaded: true, load: load.name }];
  });
  return [...written, ...taken].filter(({ table }) => context.findTable(table)?.kind === "table");
}

function changesOf(write: Write, context: UseCaseContext): readonly Change[] {
  const {
    table: { name: table },
    update,
    increment,
    upsert,
    delete: removed,
  } = write;
  const result: Change[] = [];
  const add = (rank: number, lock: RowLock, verb: string, loaded: boolean) => result.push({ rank, table, lock, verb, at: write, loaded });
  if (removed !== undefined) add(0, "update", "deletes rows of", removed === "row");
  if (update !== undefined) add(1, updateLock(update, table, context), "updates", true);
  if (increment === undefined && upsert === undefined) return result;
  // An increment or upsert may name any row by its key; with a locked load of the table, that is where the key comes from.
  const loaded = loadsOf(context, table).some(({ lock }) => lock !== "none");
  if (increment !== undefined) add(2, updateLock(increment, table, context), "increments", loaded);
  if (upsert !== undefined) add(3, updateLock(upsert.update, table, context), "upserts", loaded);
  return result;
}

/** The loads that a change's rows come from, and the lock that all of them have by then. */
function changedRows(
  loads: readonly TableLoad[],
  { changed }: LockPlan,
): { readonly loads: readonly TableLoad[]; readonly held?: RowLock } {
  const lockOf = (load: TableLoad) => changed?.get(load.name)?.lock ?? load.lock;
  // Where some loads of the table are locked, these are the rows that are written; the others are for comparing.
  const locked = loads.filter((load) => excludesItself(lockOf(load)));
  const shared = locked.length > 0 ? [] : loads.filter((load) => lockOf(load) === "share");
  const chosen = locked.length > 0 ? locked : shared.length > 0 ? shared : loads;
  const locks = chosen.map(lockOf).filter((lock) => lock !== "none");
  const [weakest] = locks.length < 2 ? locks : locks.toSorted((a, b) => (isStronger(a, b) ? 1 : isStronger(b, a) ? -1 : 0));
  return weakest === undefined ? { loads: chosen } : { loads: chosen, held: weakest };
}

export function loadsOf({ useCase }: UseCaseContext, table: string): readonly TableLoad[] {
  return useCase.loads.filter(
    (load): load is TableLoad => load.kind === "table" && load.table.name === table && load.aggregate === undefined,
  );
}

const isLocked = ({ lock }: TableLoad) => excludesItself(lock);
