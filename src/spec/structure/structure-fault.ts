import type { SpecPath } from "../model.js";

/** A key or value that the language does not have there. */
export interface StructureFault {
  readonly rule: "spec/schema" | "spec/name";
  readonly message: string;
  readonly path: SpecPath;
  readonly on: "key" | "value";
  readonly help?: string;
  readonly suggestions?: readonly string[];
  /** The key that `path` ends with is not of the language. */
  readonly unknown?: boolean;
  /** The key that the mapping at `path` lacks: one of these. */
  readonly missing?: readonly string[];
}
