import type { Column, Project, Table } from "../spec/model.js";

/** What conventions and machines make of a table's columns; all are column property names, in the order of the table. */
export interface TableRules {
  /** The column that the tenant convention fills. */
  readonly tenant: string | undefined;
  /** The column that the version convention counts changes in. */
  readonly version: string | undefined;
  /** The columns whose values never go into audit or logs. */
  readonly secret: readonly string[];
  /** The uuid key that the runtime makes where an insert leaves it out. */
  readonly optionalKey: string | undefined;
  /** The key column that a sequence fills: an insert takes the id that a load has got from it. */
  readonly databaseKey: Column | undefined;
  /** What an insert does not take (or, the optional key, need not) though Drizzle's insert type has it. */
  readonly givenOnInsert: readonly string[];
  /** What no update may change: key, tenant, machine fields, generated columns. */
  readonly fixed: readonly string[];
  /** The numeric columns that may be incremented. */
  readonly countable: readonly string[];
}

export function tableRules(table: Table, { config, machines }: Pick<Project, "config" | "machines">): TableRules {
  const { columns, primaryKey } = table;
  const tenant = columns.find(({ name }) => name === config.tenant?.column)?.name;
  const version = columns.find((column) => column.name === config.version?.column && isVersion(column))?.name;
  const fields = machines.filter((machine) => machine.table.name === table.name).map(({ field }) => field.name);
  const key = columns.filter(({ name }) => primaryKey.includes(name));
  const only = key.length === 1 ? key[0] : undefined;
  const optionalKey = only?.sqlType === "uuid" && only.generated === undefined && only.name !== tenant ? only.name : undefined;
  const databaseKey = key.find(({ generated }) => generated !== undefined && generated !== "expression");

  const isGiven = ({ name, generated }: Column) =>
    name === optionalKey ||
    name === tenant ||
    name === version ||
    fields.includes(name) ||
    // Drizzle itself leaves out what is always generated.
    (name === databaseKey?.name && (generated === "serial" || generated === "identity by default"));
  const isFixed = ({ name, generated }: Column) =>
    primaryKey.includes(name) ||
    name === tenant ||
    name === version ||
    fields.includes(name) ||
    generated === "identity always" ||
    generated === "expression";
  const references = new Set(table.foreignKeys.flatMap((foreign) => foreign.columns));

  const namesOf = (chosen: (column: Column) => boolean) => columns.filter(chosen).map(({ name }) => name);
  return {
    tenant,
    version,
    secret: namesOf(({ name }) => config.secretColumns[table.name]?.includes(name) ?? false),
    optionalKey,
    databaseKey,
    givenOnInsert: namesOf(isGiven),
    fixed: namesOf(isFixed),
    countable: namesOf((column) => isNumeric(column) && !isFixed(column) && !references.has(column.name)),
  };
}

/** A count of changes: a whole number that is always there. */
export function isVersion({ sqlType, notNull, generated }: Column): boolean {
  return notNull && generated === undefined && /^(?:smallint|integer|bigint)$/.test(sqlType);
}

function isNumeric({ sqlType, generated }: Column): boolean {
  return (
    generated === undefined && /^(smallint|integer|bigint|numeric|decimal|real|double precision)\b/.test(sqlType) && !sqlType.endsWith("]")
  );
}
