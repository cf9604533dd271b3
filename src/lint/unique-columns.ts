import type { Config, Table, TableLoad, UseCase } from "../spec/model.js";

/** The columns that have one value in every row of the load: its conditions of equality, and the tenant. */
export function fixedColumns(load: TableLoad, table: Table, useCase: UseCase, { tenant }: Config): ReadonlySet<string> {
  const equal = load.where.conditions
    .filter(({ operator, when }) => operator === "eq" && when === undefined)
    .map(({ column }) => column.name);
  const bound = tenant !== undefined && !load.tenantOff && !useCase.tenantOff && table.columns.some(({ name }) => name === tenant.column);
  return new Set(bound ? [tenant.column, ...equal] : equal);
}

/** Whether no two rows of the table agree in all these columns. */
export function coversUnique(columns: ReadonlySet<string>, { primaryKey, uniques }: Table): boolean {
  const keys = [primaryKey, ...uniques.filter(({ partial }) => !partial).map((unique) => unique.columns)];
  return keys.some((key) => key.length > 0 && key.every((column) => columns.has(column)));
}
