import type { Upsert } from "../definition.js";
import type { Fields } from "../internals.js";
import type { AnyRepository } from "../repository.js";

/** What is added to a column: as the column's own type has it, a `numeric` as text. */
export type Amount = number | bigint | string;

/** All that one call does to one row. */
export interface RowChange {
  readonly repository: AnyRepository;
  readonly identity: string;
  readonly key: Fields;
  readonly operation: "insert" | "update" | "upsert" | "delete";
  /** The row as it was loaded; undefined for a new row, and where only its key is known. */
  readonly before?: Fields | undefined;
  /** Of an upsert, whose `key` are the columns that say whether the row is there. */
  readonly upsert?: Upsert;
  /** Of an insert or upsert the whole row, of an update the changed columns. */
  readonly values: Fields;
  /** Added to a column without reading it. */
  readonly increments: Readonly<Record<string, Amount>>;
  /** Values that the row must still have: a machine's state, the tenant. */
  readonly guards: Fields;
  /** What the row's version column said when it was loaded; undefined where the table has none, or only the key is known. */
  readonly version?: unknown;
  /** Loaded with a lock, so that nobody else has changed it. */
  readonly locked: boolean;
}
