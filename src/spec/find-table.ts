import type { Column, DatabaseSchema, Project, Table } from "./model.js";

/** The table that the Drizzle schema exports under this name. */
export function findTable({ schema }: Pick<Project, "schema">, name: string): Table | undefined {
  if (schema === undefined) return undefined;
  let byName = indexes.get(schema);
  if (byName === undefined) {
    byName = new Map(schema.tables.toReversed().map((table) => [table.name, table]));
    indexes.set(schema, byName);
  }
  return byName.get(name);
}

const indexes = new WeakMap<DatabaseSchema, ReadonlyMap<string, Table>>();

export function findColumn(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}
