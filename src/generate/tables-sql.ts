import { is, SQL } from "drizzle-orm";
import { getTableConfig, PgDialect, type PgTable } from "drizzle-orm/pg-core";
import { guardStatements } from "../runtime/guards.js";
import { usecaseTables } from "../runtime/tables.js";
import { ownTables } from "./own-tables.js";

/**
 * What makes the runtime's tables, as one SQL script: for an empty database, for one with the tables of an earlier
 * version, and (then it changes nothing) for one that has them all. In the order in which it may be run.
 * @param schema the Postgres schema that they are to be in; undefined: where the search path leads
 */
export async function tablesSql(schema: string | undefined): Promise<string> {
  const { statements: creating } = await ownTables(schema);
  const created = creating.map((statement) => statement.trim().replace(/^CREATE (TABLE|INDEX|UNIQUE INDEX) /, "CREATE $1 IF NOT EXISTS "));
  const isIndex = (statement: string) => !statement.startsWith("CREATE TABLE");
  const statements = [
    ...(schema === undefined ? [] : [`CREATE SCHEMA IF NOT EXISTS "${schema}";`]),
    ...created.filter((statement) => !isIndex(statement)),
    ...Object.values(usecaseTables(schema)).flatMap(columnStatements),
    ...created.filter(isIndex),
    ...guardStatements(schema).map((statement) => `${statement};`),
  ];
  return `-- usecasecore: the tables of the runtime, and the triggers that keep the audit append-only. It may be run again.\n${statements.join("\n\n")}\n`;
}

/** The columns that a table of an earlier version may lack: those that rows can be without, or that have a default. */
function columnStatements(table: PgTable): readonly string[] {
  const dialect = new PgDialect();
  const { name, schema, columns } = getTableConfig(table);
  const added = columns.flatMap((column) => {
    if (column.primary || (column.notNull && column.default === undefined)) return [];
    const value = is(column.default, SQL) ? dialect.sqlToQuery(column.default).sql : column.default;
    const tail = `${column.default === undefined ? "" : ` DEFAULT ${value}`}${column.notNull ? " NOT NULL" : ""}`;
    return [`\tADD COLUMN IF NOT EXISTS "${column.name}" ${column.getSQLType()}${tail}`];
  });
  return added.length === 0 ? [] : [`ALTER TABLE ${schema === undefined ? "" : `"${schema}".`}"${name}"\n${added.join(",\n")};`];
}
