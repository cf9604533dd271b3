import type { Fields } from "../internals.js";
import type { AnyRepository } from "../repository.js";

/** All that one call does to one row. */
export interface RowChange {
  readonly repository: AnyRepository;
  readonly identity: string;
  readonly key: Fields;
  readonly operation: "insert" | "update" | "delete";
  /** The row as it was loaded; undefined for a new row, and where only its key is known. */
  readonly before?: Fields | undefined;
  /** Of an insert the whole row, of an update the changed columns. */
  readonly values: Fields;
  /** Added to a column without reading it. */
  readonly increments: Readonly<Record<string, number>>;
  /** Values that the row must still have: a machine's state, the tenant. */
  readonly guards: Fields;
  /** Loaded with a lock, so that nobody else has changed it. */
  readonly locked: boolean;
}

/** One call of the handler, as tests see it. */
export interface QueuedWrite {
  readonly table: string;
  readonly operation: "insert" | "update" | "increment" | "delete";
  /** The primary key; of several columns, their values joined by commas. */
  readonly key: string;
  readonly values?: object;
}
