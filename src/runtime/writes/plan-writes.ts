import type { Upsert } from "../definition.js";
import type { AnyRepository } from "../repository.js";
import type { RowChange } from "./row-change.js";

/** Changes that are one part of the write statement: of one table, with the same columns. */
export interface WriteStep {
  /** What its changes have in common, as one text. */
  readonly shape: string;
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

/**
 * The steps in their order: within an operation by lock order and then by name, the rows of a step by their keys.
 * @param place compares tables by lock order and name
 */
export function planWrites(changes: readonly RowChange[], place: (a: string, b: string) => number): readonly WriteStep[] {
  const steps = new Map<string, WriteStep & { readonly rows: RowChange[] }>();
  for (const change of changes) {
    const { repository, operation, upsert } = change;
    const set = sortedKeys(change.values);
    const add = sortedKeys(change.increments);
    const guard = sortedKeys(change.guards);
    if (operation === "update" && set.length === 0 && add.length === 0) continue;
    const shape = [operation, repository.name, set.length, ...set, add.length, ...add, guard.length, ...guard].join("\0");
    const step = steps.get(shape);
    if (step === undefined) steps.set(shape, { shape, operation, repository, upsert, set, add, guard, rows: [change] });
    else step.rows.push(change);
  }
  // What is inserted stays as it came.
  for (const { operation, rows } of steps.values()) if (operation !== "insert" && rows.length > 1) rows.sort(byIdentity);
  return [...steps.values()].sort((a, b) => rank(a) - rank(b) || place(a.repository.name, b.repository.name));
}

/** Sorting allocates memory also where there is nothing to sort, and this is asked thrice of each change. */
function sortedKeys(fields: object): readonly string[] {
  const keys = Object.keys(fields);
  return keys.length > 1 ? keys.sort() : keys;
}

function byIdentity(a: RowChange, b: RowChange): number {
  return a.identity < b.identity ? -1 : a.identity > b.identity ? 1 : 0;
}
