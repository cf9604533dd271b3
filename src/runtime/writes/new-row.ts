import type { Fields } from "../internals.js";
import type { AnyRepository } from "../repository.js";
import { type ColumnInfo, columnOf, tableInfo } from "../table-info.js";

/** What the runtime gives a new row. */
export interface NewRowContext {
  /** The tenant of the call, where the convention applies. */
  readonly tenant: string | undefined;
  newId(): string;
}

/** The row to insert: what the handler gave, completed by key, tenant, a machine's initial state and Drizzle's own defaults. */
export function newRow(repository: AnyRepository, given: Fields, context: NewRowContext): Fields {
  for (const key of Object.keys(given)) {
    if (given[key] === undefined) continue;
    const { computed, identity } = columnOf(repository, key);
    if (computed && !(identity && repository.key.includes(key)))
      throw new Error(`${repository.name}: the column "${key}" is computed by the database.`);
  }
  const row: Record<string, unknown> = {};
  for (const column of tableInfo(repository).columns.values()) {
    const value = columnValue(repository, column, given[column.key], context);
    if (value !== undefined) row[column.key] = value;
  }
  return row;
}

function columnValue(repository: AnyRepository, info: ColumnInfo, given: unknown, { tenant, newId }: NewRowContext): unknown {
  const { key, column } = info;
  const fixed = key === repository.tenant ? tenant : repository.initial?.[key];
  if (fixed !== undefined) {
    if (given !== undefined && given !== fixed)
      throw new Error(`${repository.name}: "${key}" of a new row is ${JSON.stringify(fixed)}; the runtime gives it.`);
    return fixed;
  }
  if (key === repository.version) {
    if (given !== undefined) throw new Error(`${repository.name}: "${key}" counts the row's changes; the runtime gives it.`);
    if (!column.hasDefault) return column.dataType === "bigint" ? 1n : 1;
  }
  if (given !== undefined) return given;
  // As Drizzle's own insert does it.
  if (column.defaultFn !== undefined) return column.defaultFn();
  if (column.default === undefined && column.onUpdateFn !== undefined) return column.onUpdateFn();
  if (!repository.key.includes(key)) return undefined;
  if (info.castType === "uuid") return newId();
  throw new Error(`${repository.name}: a new row needs its "${key}".`);
}
