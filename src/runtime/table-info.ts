import { getTableColumns } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import { type ColumnCodec, columnCodec } from "./codec/column-codec.js";
import { castType } from "./codec/sql-type.js";
import { quoteIdentifier, tableName } from "./sql/identifier.js";

/** A column as statements need it. */
export interface ColumnInfo extends ColumnCodec {
  /** The property's name in rows. */
  readonly key: string;
  readonly column: PgColumn;
  /** Quoted. */
  readonly name: string;
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
}

const known = new WeakMap<PgTable, TableInfo>();

/** What statements need of a Drizzle table; made once per table. */
export function tableInfo(table: PgTable): TableInfo {
  const cached = known.get(table);
  if (cached !== undefined) return cached;
  const columns = Object.entries(getTableColumns(table)).map(([key, column]): [string, ColumnInfo] => {
    const identity = column.generatedIdentity?.type === "always";
    const computed = column.generated !== undefined || identity;
    const name = quoteIdentifier(column.name);
    return [key, { key, column, name, castType: castType(column), computed, identity, ...columnCodec(column) }];
  });
  const info: TableInfo = { name: tableName(table), columns: new Map(columns) };
  known.set(table, info);
  return info;
}

/** A column that must be there: definitions are generated against the schema, so a missing one is a stale file. */
export function columnOf(table: PgTable, key: string): ColumnInfo {
  const column = tableInfo(table).columns.get(key);
  if (column === undefined) throw new Error(`Table ${tableInfo(table).name} has no column "${key}"; generate again.`);
  return column;
}
