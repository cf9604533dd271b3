import { getTableColumns } from "drizzle-orm";
import type { PgColumn, PgTable } from "drizzle-orm/pg-core";
import { castType } from "../runtime/codec/sql-type.js";

/**
 * A row for a test: the columns given; the others null, their literal default, or something small of their type. A uuid
 * that is a primary key is a new one for each row, so that two rows are never taken for one.
 * @example row(inventoryBalances, { id: "b-1", quantity: 10 })
 */
export function row<T extends PgTable>(table: T, columns: Partial<T["$inferSelect"]> = {}): T["$inferSelect"] {
  const filled = Object.entries(getTableColumns(table)).map(([key, column]) => [key, valueFor(column)]);
  // Column by column it is what Drizzle infers; the compiler cannot follow that through entries.
  return { ...Object.fromEntries(filled), ...columns } as T["$inferSelect"];
}

let rows = 0;

function valueFor(column: PgColumn): unknown {
  if (column.primary && castType(column) === "uuid") return `00000000-0000-4000-8000-${String(++rows).padStart(12, "0")}`;
  if (column.default !== undefined && (typeof column.default !== "object" || Array.isArray(column.default))) return column.default;
  if (!column.notNull) return null;
  return smallest(column);
}

function smallest(column: PgColumn): unknown {
  switch (column.dataType) {
    case "number":
      return 0;
    case "bigint":
      return 0n;
    case "boolean":
      return false;
    case "date":
      return new Date(0);
    case "json":
      return {};
    case "array":
      return [];
    case "string":
      return column.enumValues?.[0] ?? smallestText(castType(column));
    default:
      return null;
  }
}

function smallestText(type: string): string {
  if (type === "uuid") return "00000000-0000-0000-0000-000000000000";
  if (type === "numeric") return "0";
  if (type === "date") return "1970-01-01";
  return type.startsWith("timestamp") ? "1970-01-01 00:00:00+00" : "";
}
