import type { DatabaseSchema } from "../model.js";

export interface SchemaFailure {
  /** The module at fault, relative to the project's root. */
  readonly module: string;
  readonly message: string;
}

export type SchemaReading =
  /** `modules`: every file of the project that was run for it, relative to the root. */
  { readonly schema: DatabaseSchema; readonly modules?: readonly string[] } | { readonly failure: SchemaFailure };
