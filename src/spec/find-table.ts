import type { Column, Project, Table } from "./model.js";

/** The table that the Drizzle schema exports under this name. */
export function findTable({ schema }: Pick<Project, "schema">, name: string): Table | undefined {
  return schema?.tables.find((table) => table.name === name);
}

export function findColumn(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}
