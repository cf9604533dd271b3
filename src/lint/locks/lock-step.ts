import type { Located } from "../../spec/model.js";
import type { UseCaseContext } from "../context.js";
import type { RowLock } from "./row-lock.js";

/** A place with its file, so that steps of several use cases can stand in one finding. */
export type LockPlace = Located & { readonly file: string };

/** One statement of a use case that takes locks, or one check of a foreign key. */
export interface LockStep {
  /** What is locked: rows of a table (by its name in specs), `advisory lock …` or `the keys of events`. */
  readonly resource: string;
  readonly lock: RowLock;
  /** The locks of others that it waits for; none if it never waits. */
  readonly waitsFor: readonly RowLock[];
  readonly stage:
    | { readonly kind: "load"; readonly level: number }
    | { readonly kind: "event key" | "write" }
    /** At the end of the write statement, in no order that a spec could know. */
    | { readonly kind: "foreign key" };
  /** Locks held by then that let only one call at a time reach these very rows: see `gates.ts`. Asked for few steps only. */
  readonly gates: () => readonly string[];
  /** The loads whose rows are locked. */
  readonly loads: readonly string[];
  /** Completes "ShipOrder …": `locks orders (order)`, `deletes reservations`. */
  readonly does: string;
  readonly at: LockPlace;
}

/** A use case with its steps, in the order in which the runtime takes them. */
export interface LockSequence {
  readonly context: UseCaseContext;
  readonly steps: readonly LockStep[];
}

/** While a call has `held`, it may wait for `wanted`. */
export interface LockEdge {
  readonly context: UseCaseContext;
  readonly held: LockStep;
  readonly wanted: LockStep;
}
