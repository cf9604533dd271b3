import { getTableColumns, is, type SQL, sql } from "drizzle-orm";
import { CasingCache } from "drizzle-orm/casing";
import { getMaterializedViewConfig, getTableConfig, getViewConfig, PgColumn, PgTable, PgView } from "drizzle-orm/pg-core";
import { type ColumnCodec, columnCodec } from "./codec/column-codec.js";
import { castType } from "./codec/sql-type.js";
import type { AnyRepository, Relation } from "./repository.js";
import { qualifiedName, quoteIdentifier } from "./sql/identifier.js";

/** A column as statements need it. */
export interface ColumnInfo extends ColumnCodec {
  /** The property's name in rows. */
  readonly key: string;
  readonly column: PgColumn;
  /** As the database has it. */
  readonly sqlName: string;
  /** Quoted. */
  readonly name: string;
  /** As a part of a query of Drizzle's builders. */
  readonly expression: PgColumn | SQL;
  readonly castType: string;
  /** Postgres computes it: it is neither inserted nor updated. */
  readonly computed: boolean;
  /** It has a sequence that always fills it, unless an insert overrides that with what a load has taken from there. */
  readonly identity: boolean;
}

export interface TableInfo {
  /** Quoted, with its schema. */
  readonly name: string;
  readonly columns: ReadonlyMap<string, ColumnInfo>;
  /** Those to which Drizzle's `$onUpdate` gives a value at each change. */
  readonly renewed: readonly ColumnInfo[];
}

type Source = Pick<AnyRepository, "table" | "casing">;

const known = new WeakMap<Source, TableInfo>();

/** What statements need of a repository's table or view; made once for each. */
export function tableInfo(repository: Source): TableInfo {
  const cached = known.get(repository);
  if (cached !== undefined) return cached;
  const { name, schema, columns } = shapeOf(repository.table);
  const infos = columns.map(([key, column]): [string, ColumnInfo] => {
    const identity = column.generatedIdentity?.type === "always";
    const computed = column.generated !== undefined || identity;
    // A cache for each: in one, the columns that a view has from several tables get in each other's way.
    const sqlName = new CasingCache(repository.casing).getColumnCasing(column);
    // Drizzle's builders know neither the casing nor, for a column of a view, anything but the table that it came from.
    const plain = sqlName === column.name && is(repository.table, PgTable);
    const expression = plain ? column : sql`${sql.identifier(sqlName)}`;
    const names = { key, column, sqlName, name: quoteIdentifier(sqlName), expression };
    return [key, { ...names, castType: castType(column), computed, identity, ...columnCodec(column) }];
  });
  const renewed = infos.map(([, info]) => info).filter(({ column }) => column.onUpdateFn !== undefined);
  const info: TableInfo = { name: qualifiedName(schema, name), columns: new Map(infos), renewed };
  known.set(repository, info);
  return info;
}

/** A column that must be there: definitions are generated against the schema, so a missing one is a stale file. */
export function columnOf(repository: Source, key: string): ColumnInfo {
  const { name, columns } = tableInfo(repository);
  const column = columns.get(key);
  if (column === undefined) throw new Error(`Table ${name} has no column "${key}"; generate again.`);
  return column;
}

function shapeOf(table: Relation) {
  if (is(table, PgTable)) return { ...named(getTableConfig(table)), columns: Object.entries(getTableColumns(table)) };
  const config = is(table, PgView) ? getViewConfig(table) : getMaterializedViewConfig(table);
  // Fields that are expressions have no type to read them by; lint refuses loads of them.
  const columns = Object.entries<unknown>(config.selectedFields).flatMap(([key, field]) =>
    is(field, PgColumn) ? [[key, field] as const] : [],
  );
  return { ...named(config), columns };
}

const named = ({ name, schema }: { readonly name: string; readonly schema: string | undefined }) => ({ name, schema });
