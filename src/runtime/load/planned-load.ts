import type { ErasedLoad, ErasedScope } from "../internals.js";

/** A load with what is found out about it once. */
export interface PlannedLoad {
  readonly name: string;
  readonly load: ErasedLoad;
  /** Its conditions' `when`s, in a fixed order. */
  readonly conditionals: readonly ((scope: ErasedScope) => boolean)[];
}
