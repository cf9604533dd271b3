import { is } from "drizzle-orm";
import { PgArray, type PgColumn, PgEnumColumn, PgEnumObjectColumn } from "drizzle-orm/pg-core";
import { quoteIdentifier } from "../sql/identifier.js";

// Without their length, these two mean a length of one.
const unlimited: Readonly<Record<string, string>> = {
  char: "bpchar",
  character: "bpchar",
  bit: 'pg_catalog."bit"',
  serial: "integer",
  smallserial: "smallint",
  bigserial: "bigint",
};

/**
 * The type to cast a parameter of this column to. Without a length or precision: a cast to `varchar(20)` would cut
 * silently where the assignment to the column refuses.
 */
export function castType(column: PgColumn): string {
  if (is(column, PgArray)) return `${castType(column.baseColumn)}[]`;
  if (is(column, PgEnumColumn) || is(column, PgEnumObjectColumn)) {
    const { enumName, schema } = column.enum;
    return schema === undefined ? quoteIdentifier(enumName) : `${quoteIdentifier(schema)}.${quoteIdentifier(enumName)}`;
  }
  const type = column.getSQLType().replace(/\s*\([^)]*\)/, "");
  return unlimited[type.toLowerCase()] ?? type;
}
