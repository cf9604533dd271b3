import { findColumn } from "../spec/find-table.js";
import type { Config, Table, TableLoad, UseCase } from "../spec/model.js";

/** The columns that have one value in every row of the load: its conditions of equality, and the tenant. */
export function fixedColumns(load: TableLoad, table: Table, useCase: UseCase, { tenant }: Config): ReadonlySet<string> {
  const fixed = new Set<string>();
  const bound = tenant !== undefined && !load.tenantOff && !useCase.tenantOff && findColumn(table, tenant.column) !== undefined;
  if (bound) fixed.add(tenant.column);
  for (const { operator, when, column } of load.where.conditions) if (operator === "eq" && when === undefined) fixed.add(column.name);
  return fixed;
}

/** Whether no two rows of the table agree in all these columns. */
export function coversUnique(columns: ReadonlySet<string>, { primaryKey, uniques }: Table): boolean {
  const covers = (key: readonly string[]) => key.length > 0 && key.every((column) => columns.has(column));
  return covers(primaryKey) || uniques.some((unique) => !unique.partial && covers(unique.columns));
}
