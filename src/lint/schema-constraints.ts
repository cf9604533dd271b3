import type { DatabaseSchema } from "../spec/model.js";
import { oncePer } from "../spec/once-per.js";

/** The names of the constraints and unique indexes that the schema makes. */
export const schemaConstraints = oncePer(
  ({ tables }: DatabaseSchema): ReadonlySet<string> =>
    new Set(
      tables.flatMap(({ sqlName, primaryKeyName, uniques, indexes, foreignKeys, checks }) => [
        primaryKeyName ?? `${sqlName}_pkey`,
        ...uniques.map(({ name }) => name),
        ...indexes.flatMap(({ name, unique }) => (unique ? [name] : [])),
        ...foreignKeys.map(({ name }) => name),
        ...checks.map(({ name }) => name),
      ]),
    ),
);
