import type { Upsert } from "../definition.js";
import { tablePlace } from "../load/plan-loads.js";
import type { AnyRepository } from "../repository.js";
import type { RowChange } from "./row-change.js";

/** Changes that are one part of the write statement: of one table, with the same columns. */
export interface WriteStep {
  readonly operation: RowChange["operation"];
  readonly repository: AnyRepository;
  readonly upsert?: Upsert | undefined;
  /** Columns that get a value. */
  readonly set: readonly string[];
  /** Columns that are added to. */
  readonly add: readonly string[];
  /** Columns that must still have a value. */
  readonly guard: readonly string[];
  readonly rows: readonly RowChange[];
}

/** Deletes first (a new row may take a deleted one's unique value), then updates, then increments, then inserts and upserts. */
const rank = ({ operation, set }: WriteStep) =>
  operation === "delete" ? 0 : operation === "insert" || operation === "upsert" ? 3 : set.length > 0 ? 1 : 2;

/** The steps in their order: within an operation by lock order and then by name, the rows of a step by their keys. */
export function planWrites(changes: readonly RowChange[], lockOrder: readonly string[]): readonly WriteStep[] {
  const steps = new Map<string, WriteStep & { readonly rows: RowChange[] }>();
  for (const change of changes) {
    const set = Object.keys(change.values).sort();
    const add = Object.keys(change.increments).sort();
    const guard = Object.keys(change.guards).sort();
    if (change.operation === "update" && set.length === 0 && add.length === 0) continue;
    const key = JSON.stringify([change.repository.name, change.operation, set, add, guard]);
    const step = steps.get(key) ?? {
      operation: change.operation,
      repository: change.repository,
      upsert: change.upsert,
      set,
      add,
      guard,
      rows: [],
    };
    step.rows.push(change);
    steps.set(key, step);
  }
  const place = tablePlace(lockOrder);
  return [...steps.values()]
    .map((step) => (step.operation === "insert" ? step : { ...step, rows: step.rows.toSorted(byIdentity) }))
    .sort((a, b) => rank(a) - rank(b) || place(a.repository.name, b.repository.name));
}

function byIdentity(a: RowChange, b: RowChange): number {
  return a.identity < b.identity ? -1 : a.identity > b.identity ? 1 : 0;
}
