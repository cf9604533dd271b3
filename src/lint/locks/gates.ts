// A gate is a lock that every call must hold before it can reach certain rows. An order's lines that are found through
// the locked order have the gate `orderLines.orderId = orders.id`: two calls that both come through it to one line have
// both locked that line's order, so that the second has not got past the first. Between them no order of locks matters.

import { findColumn } from "../../spec/find-table.js";
import type { Condition, Load, TableLoad, Where } from "../../spec/model.js";
import type { UseCaseContext } from "../context.js";
import { coversUnique } from "../unique-columns.js";
import { excludesItself } from "./row-lock.js";
import { updatedColumns } from "./updated-columns.js";

/** Whether a load's rows are locked, so that no other call has them, before the rows in question are. */
export type IsLockedBefore = (load: TableLoad) => boolean;

export const noGates = (): readonly string[] => [];

/** The gates of the rows that a `where` finds in a table. */
export function gatesOf(
  table: string,
  where: Where,
  context: UseCaseContext,
  isLockedBefore: IsLockedBefore,
  isUnchanged: IsUnchanged,
  path: readonly string[] = [],
): readonly string[] {
  return where.conditions.flatMap((condition) => {
    if (!isUnchanged(table, condition.column.name)) return [];
    return parentsIn(condition, context).flatMap(({ load, column }) => {
      if (path.includes(load.name) || !isUnique(load, column, context)) return [];
      const link = `${table}.${condition.column.name} = ${load.table.name}.${column}`;
      const own = excludesItself(load.lock) && isLockedBefore(load) ? [link] : [];
      const inherited = gatesOf(load.table.name, load.where, context, isLockedBefore, isUnchanged, [...path, load.name]);
      return [...own, ...inherited.map((gate) => `${link}, ${gate}`)];
    });
  });
}

/** Whether nobody changes a column: a row that moved to another parent would leave its gate. */
export type IsUnchanged = (table: string, column: string) => boolean;

/** The columns that no use case lists under `update`. */
export function unchangedColumns(useCases: readonly UseCaseContext[]): IsUnchanged {
  const changed = new Set(
    useCases.flatMap(({ useCase }) =>
      useCase.writes.flatMap((write) => updatedColumns(write).map(({ name }) => `${write.table.name}.${name}`)),
    ),
  );
  return (table, column) => !changed.has(`${table}.${column}`);
}

/** The loads of which a condition's value is a column: `order.id`, `lines.map(l, l.id)`, or the very value that one is found by. */
export function parentsIn(
  { operator, value, when }: Condition,
  { useCase, findLoad }: UseCaseContext,
): readonly { readonly load: TableLoad; readonly column: string }[] {
  if ((operator !== "eq" && operator !== "in") || when !== undefined || value.kind !== "expression") return [];
  const source = value.expression.source.trim();
  const [, one, oneColumn] = /^(\w+)\.(\w+)$/.exec(source) ?? [];
  const [, many, , manyColumn] = (one === undefined && /^(\w+)\.map\(\s*(\w+)\s*,\s*\2\.(\w+)\s*\)$/.exec(source)) || [];
  const named = findLoad(one ?? many ?? "");
  const column = oneColumn ?? manyColumn;
  if (named?.kind === "table" && column !== undefined && named.keyBy === undefined) return [{ load: named, column }];
  if (operator === "in") return [];
  return useCase.loads.filter(isSingle).flatMap((load) => {
    const same = load.where.conditions.find(
      (other) =>
        other.operator === "eq" &&
        other.when === undefined &&
        other.value.kind === "expression" &&
        other.value.expression.source.trim() === source,
    );
    return same === undefined ? [] : [{ load, column: same.column.name }];
  });
}

const isSingle = (load: Load): load is TableLoad => load.kind === "table" && load.cardinality !== "many";

/** Whether one value of the column is one row, of the tenant where the convention binds the load. */
function isUnique(load: TableLoad, column: string, { project, findTable }: UseCaseContext): boolean {
  const table = findTable(load.table.name);
  if (table === undefined) return false;
  const tenant = project.config.tenant?.column;
  const bound = tenant !== undefined && findColumn(table, tenant) !== undefined ? [tenant] : [];
  return coversUnique(new Set([column, ...bound]), table);
}
