import type { Column, DatabaseSchema, Project, Table } from "./model.js";
import { oncePer } from "./once-per.js";

/** The table that the Drizzle schema exports under this name. */
export function findTable({ schema }: Pick<Project, "schema">, name: string): Table | undefined {
  return schema && tablesByName(schema).get(name);
}

const tablesByName = oncePer(
  ({ tables }: DatabaseSchema): ReadonlyMap<string, Table> => new Map(tables.toReversed().map((table) => [table.name, table])),
);

/** The column of a table by the name that specs use. */
export function findColumn(table: Table, name: string): Column | undefined {
  return columnsByName(table).get(name);
}

/** Most rules ask for columns, of the same few tables. */
const columnsByName = oncePer(
  ({ columns }: Table): ReadonlyMap<string, Column> => new Map(columns.toReversed().map((column) => [column.name, column])),
);
