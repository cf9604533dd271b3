import type { DatabaseSchema } from "../spec/model.js";

/** The names of the constraints and unique indexes that the schema makes. */
export function schemaConstraints(schema: DatabaseSchema): ReadonlySet<string> {
  let names = known.get(schema);
  if (names === undefined) {
    names = new Set(
      schema.tables.flatMap(({ sqlName, primaryKeyName, uniques, indexes, foreignKeys, checks }) => [
        primaryKeyName ?? `${sqlName}_pkey`,
        ...uniques.map(({ name }) => name),
        ...indexes.flatMap(({ name, unique }) => (unique ? [name] : [])),
        ...foreignKeys.map(({ name }) => name),
        ...checks.map(({ name }) => name),
      ]),
    );
    known.set(schema, names);
  }
  return names;
}

const known = new WeakMap<DatabaseSchema, ReadonlySet<string>>();
