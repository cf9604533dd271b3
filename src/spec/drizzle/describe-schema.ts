// Tables, views and enums of Drizzle as plain data. Drizzle marks what it makes with registered symbols
// (`Symbol.for`), so that this works on the instance of drizzle-orm that the schema itself imports.
import type { SQL } from "drizzle-orm";
import type { AnyPgColumn, PgTable, PgView } from "drizzle-orm/pg-core";
import type { Column, Config, DatabaseSchema, Table } from "../model.js";

/** What a schema module exports under a name. */
export interface Export {
  readonly name: string;
  /** Relative to the project's root. */
  readonly module: string;
  readonly value: unknown;
}

/** Of drizzle-orm, what is needed. */
export type Drizzle = Pick<typeof import("drizzle-orm/casing"), "CasingCache"> &
  Pick<typeof import("drizzle-orm/pg-core"), "getTableConfig" | "getViewConfig" | "getMaterializedViewConfig">;

interface Context {
  /** The tables and views that are exported. */
  readonly entities: Map<object, Export>;
  readonly drizzle: Drizzle;
  /** A column's name in the database. */
  readonly sqlName: (column: AnyPgColumn) => string;
}

/** What is wrong with a schema, and in which module. */
export class SchemaError extends Error {
  constructor(
    readonly module: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Each table and view once, under the first name and module that exports it; each enum that is exported or used.
 * @throws SchemaError for tables of another database, two tables of one name, and references to tables that are not there
 */
export function describeSchema(exports: readonly Export[], drizzle: Drizzle, casing?: Config["casing"]): DatabaseSchema {
  // A cache for each: in one, the columns that a view has from several tables get in each other's way.
  const sqlName = (column: AnyPgColumn) => new drizzle.CasingCache(casing).getColumnCasing(column);
  const context: Context = { entities: new Map(), drizzle, sqlName };
  const { entities } = context;
  const names = new Map<string, Export>();
  const enums = new Map<string, readonly string[]>();
  for (const exported of exports) {
    const { value, name, module } = exported;
    if (isEnum(value)) enums.set(value.enumName, value.enumValues);
    if (!isTable(value) && !isView(value)) continue;
    if (entities.has(value)) continue;
    if (!kinds(value).some((kind) => kind === "PgTable" || kind === "PgViewBase")) {
      throw new SchemaError(module, `\`${name}\` is not a table of Postgres: make it with pgTable of drizzle-orm/pg-core.`);
    }
    const other = names.get(name);
    if (other !== undefined) throw new SchemaError(module, `Two tables are exported as \`${name}\`: here and in ${other.module}.`);
    entities.set(value, exported);
    names.set(name, exported);
  }

  const tables = [...entities].map(([value, exported]): Table => {
    try {
      return isTable(value) ? describeTable(value as PgTable, exported, context) : describeView(value as PgView, exported, context);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new SchemaError(exported.module, `\`${exported.name}\` cannot be read: ${reason}`, { cause: error });
    }
  });
  for (const value of entities.keys()) {
    for (const { enum: used } of Object.values(isTable(value) ? columnsOf(value) : {}).map(asEnumColumn)) {
      if (used !== undefined && !enums.has(used.enumName)) enums.set(used.enumName, used.enumValues);
    }
  }
  return { tables, enums: [...enums].map(([name, values]) => ({ name, values: [...values] })) };
}

function describeTable(table: PgTable, { name, module }: Export, context: Context): Table {
  const { entities, drizzle, sqlName } = context;
  const config = drizzle.getTableConfig(table);
  const properties = new Map(Object.entries(columnsOf(table)).map(([property, column]) => [column.name, property]));
  const property = (column: { readonly name: string }) => properties.get(column.name) ?? column.name;
  const columns = Object.entries(columnsOf(table)).map(([key, column]) => describeColumn(key, column, sqlName));

  const indexed = (column: { readonly name: string }) =>
    columns.find((candidate) => candidate.name === property(column))?.sqlName ?? column.name;
  // As drizzle-kit does for keys, and for keys alone: the other names are made before a casing is known.
  const renamed = (made: string, parts: readonly AnyPgColumn[]) =>
    parts.reduce((sofar, column) => sofar.replace(column.name, sqlName(column)), made);
  const [primaryKey] = config.primaryKeys;
  const inlineKey = config.columns.filter((column) => column.primary).map(property);
  const indexes = config.indexes.map(({ config: index }) => ({
    columns: index.columns.map((column) => (isNamed(column) ? property(column) : null)),
    unique: index.unique ?? false,
    partial: index.where !== undefined,
    name:
      index.name ?? `${config.name}_${index.columns.map((column) => (isNamed(column) ? indexed(column) : "expression")).join("_")}_index`,
  }));
  const uniqueColumns = config.columns
    .filter((column) => column.isUnique)
    .map((column) => ({ name: column.uniqueName ?? `${config.name}_${column.name}_unique`, columns: [property(column)], partial: false }));
  const uniqueConstraints = config.uniqueConstraints.map((unique) => ({
    name: unique.getName() ?? "",
    columns: unique.columns.map(property),
    partial: false,
  }));
  // An index over an expression says nothing about the columns themselves, so it is no guarantee of theirs.
  const uniqueIndexes = indexes.flatMap(({ name: indexName, columns: parts, unique, partial }) =>
    unique && parts.every((part) => part !== null) ? [{ name: indexName, columns: parts, partial }] : [],
  );

  return {
    name,
    module,
    sqlName: config.name,
    sqlSchema: config.schema,
    kind: "table",
    columns,
    primaryKey: primaryKey?.columns.map(property) ?? inlineKey,
    primaryKeyName: primaryKey === undefined ? `${config.name}_pkey` : renamed(primaryKey.getName(), primaryKey.columns),
    uniques: [...uniqueColumns, ...uniqueConstraints, ...uniqueIndexes],
    indexes,
    foreignKeys: config.foreignKeys.map((key) => {
      const { foreignTable, columns: own, foreignColumns } = key.reference();
      const target = columnsOf(foreignTable);
      const foreignProperty = (column: { readonly name: string }) =>
        Object.entries(target).find(([, candidate]) => candidate.name === column.name)?.[0] ?? column.name;
      return {
        name: renamed(key.getName(), [...own, ...foreignColumns]),
        columns: own.map(property),
        // A table that no module exports has no other name than its own.
        table: entities.get(foreignTable)?.name ?? drizzle.getTableConfig(foreignTable).name,
        foreignColumns: foreignColumns.map(foreignProperty),
        ...(changesChildren(key.onDelete) && { onDelete: key.onDelete }),
      };
    }),
    checks: config.checks.map(({ name, value }) => {
      const values = valuesIn(value);
      return { name, columns: namedIn(value, properties), ...(values !== undefined && { values }) };
    }),
  };
}

/** The columns in a piece of SQL, given as columns or written out. `properties`: property by column name. */
function namedIn(sql: SQL, properties: ReadonlyMap<string, string>): readonly string[] {
  const found = new Set<string>();
  for (const chunk of sql.queryChunks as readonly unknown[]) {
    if (isColumn(chunk)) found.add(properties.get(chunk.name) ?? chunk.name);
    else if (isSql(chunk)) for (const property of namedIn(chunk, properties)) found.add(property);
    else for (const [word] of textOf(chunk).matchAll(/\w+/g)) if (properties.has(word)) found.add(properties.get(word) ?? word);
  }
  return [...found];
}

/** The texts of a condition that does nothing but list them: `status in ('draft', 'paid')`, or Drizzle's `inArray`. */
function valuesIn(sql: SQL): readonly string[] | undefined {
  const written = sql.queryChunks.map((chunk) => {
    if (isColumn(chunk)) return "column";
    const texts = Array.isArray(chunk) ? chunk.map((item: unknown) => (isParam(item) ? item.value : item)) : undefined;
    if (texts === undefined) return textOf(chunk);
    return `(${texts.map((text) => (typeof text === "string" ? `'${text.replaceAll("'", "''")}'` : "?")).join(", ")})`;
  });
  const list = /^\s*"?\w+"?\s+in\s*\(\s*((?:'(?:[^']|'')*'\s*,\s*)*'(?:[^']|'')*')\s*\)\s*$/i.exec(written.join(""))?.[1];
  return list === undefined ? undefined : [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = ""]) => text.replaceAll("''", "'"));
}

function isParam(value: unknown): value is { readonly value: unknown } {
  return typeof value === "object" && value !== null && kinds(value).includes("Param") && "value" in value;
}

function changesChildren(action: string | undefined): action is "cascade" | "set null" | "set default" {
  return action === "cascade" || action === "set null" || action === "set default";
}

function describeView(view: PgView, { name, module }: Export, { drizzle, sqlName }: Context): Table {
  const config = kinds(view).includes("PgMaterializedView")
    ? drizzle.getMaterializedViewConfig(view as unknown as Parameters<Drizzle["getMaterializedViewConfig"]>[0])
    : drizzle.getViewConfig(view);
  const fields = config.selectedFields as Readonly<Record<string, unknown>>;
  return {
    name,
    module,
    sqlName: config.name,
    sqlSchema: config.schema,
    kind: "view",
    columns: Object.keys(fields).map((key) => {
      const field = fields[key];
      return isColumn(field) ? describeColumn(key, field, sqlName) : computedColumn(key);
    }),
    primaryKey: [],
    uniques: [],
    indexes: [],
    foreignKeys: [],
    checks: [],
  };
}

function describeColumn(name: string, column: AnyPgColumn, sqlName: Context["sqlName"]): Column {
  const element = elementOf(column);
  return {
    name,
    sqlName: sqlName(column),
    sqlType: column.getSQLType(),
    columnType: column.columnType,
    dataType: column.dataType,
    enumValues: column.enumValues === undefined || column.enumValues.length === 0 ? undefined : [...column.enumValues],
    notNull: column.notNull || column.primary,
    hasDefault: column.hasDefault,
    generated: generatedBy(column),
    ...(element !== undefined && { element: describeColumn(name, element, () => sqlName(column)) }),
  };
}

/** A column of a view that is an SQL expression: its type is known to the compiler only. */
function computedColumn(name: string): Column {
  return {
    name,
    sqlName: name,
    sqlType: "unknown",
    columnType: "SQL",
    dataType: "custom",
    enumValues: undefined,
    notNull: false,
    hasDefault: false,
    generated: undefined,
  };
}

function generatedBy(column: AnyPgColumn): Column["generated"] {
  if (column.generated !== undefined) return "expression";
  if (column.generatedIdentity !== undefined) {
    return column.generatedIdentity.type === "always" ? "identity always" : "identity by default";
  }
  return /^Pg(Big|Small)?Serial/.test(column.columnType) ? "serial" : undefined;
}

function elementOf(column: AnyPgColumn): AnyPgColumn | undefined {
  const base: unknown = "baseColumn" in column ? column.baseColumn : undefined;
  return isColumn(base) ? base : undefined;
}

// ------------------------------------------------------------------------------------------------ Drizzle's own marks

const entityKind = Symbol.for("drizzle:entityKind");
const tableMark = Symbol.for("drizzle:IsDrizzleTable");
const viewMark = Symbol.for("drizzle:IsDrizzleView");
const enumMark = Symbol.for("drizzle:isPgEnum");
const columnsMark = Symbol.for("drizzle:Columns");

interface PgEnum {
  readonly enumName: string;
  readonly enumValues: readonly string[];
}

function isTable(value: unknown): value is object {
  return typeof value === "object" && value !== null && tableMark in value;
}

function isView(value: unknown): value is object {
  return typeof value === "object" && value !== null && viewMark in value;
}

function isEnum(value: unknown): value is PgEnum {
  return typeof value === "function" && enumMark in value;
}

function isColumn(value: unknown): value is AnyPgColumn {
  return typeof value === "object" && value !== null && kinds(value).includes("Column");
}

function isSql(value: unknown): value is SQL {
  return typeof value === "object" && value !== null && "queryChunks" in value;
}

/** Of a piece of SQL that is text. */
function textOf(chunk: unknown): string {
  const text: unknown = typeof chunk === "object" && chunk !== null && "value" in chunk ? chunk.value : undefined;
  return Array.isArray(text) ? text.filter((part) => typeof part === "string").join(" ") : "";
}

function isNamed(column: unknown): column is { readonly name: string } {
  return typeof column === "object" && column !== null && "name" in column && typeof column.name === "string";
}

function columnsOf(table: object): Readonly<Record<string, AnyPgColumn>> {
  return (table as { readonly [columnsMark]: Readonly<Record<string, AnyPgColumn>> })[columnsMark];
}

function asEnumColumn(column: AnyPgColumn): { readonly enum: PgEnum | undefined } {
  const own = elementOf(column) ?? column;
  const used: unknown = "enum" in own ? own.enum : undefined;
  return { enum: isEnum(used) ? used : undefined };
}

/** The names of Drizzle's classes that an object is an instance of: `["PgTable", "Table"]`. */
function kinds(value: object): string[] {
  const found: string[] = [];
  for (let prototype = Object.getPrototypeOf(value); prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    const kind: unknown = prototype.constructor?.[entityKind];
    if (typeof kind === "string") found.push(kind);
  }
  return found;
}
