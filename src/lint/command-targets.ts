import type { Typed } from "../spec/expression/typed.js";
import type { Column, Table, Write } from "../spec/model.js";
import { findColumn, type UseCaseContext } from "./context.js";
import { pathOf } from "./secret-paths.js";

export interface Target {
  readonly table: string;
  readonly column: Column;
}

/**
 * The columns that values of the command go to. By path (`command.lines[].sku`) those of conditions; by a field's name
 * alone the written columns of that name, because only the handler knows which value it gives to which.
 */
export function commandTargets({ useCase, findTable, expressions }: UseCaseContext): ReadonlyMap<string, readonly Target[]> {
  const targets = new Map<string, Target[]>();
  const add = (key: string, table: Table, column: Column): void => {
    targets.set(key, [...(targets.get(key) ?? []), { table: table.name, column }]);
  };
  for (const write of useCase.writes) {
    const table = findTable(write.table.name);
    for (const column of table === undefined ? [] : writtenColumns(write, table)) if (table !== undefined) add(column.name, table, column);
  }
  for (const { place, checked } of expressions()) {
    if (place.kind !== "where" || checked.tree === undefined) continue;
    const table = findTable(place.load.table.name);
    const column = table && findColumn(table, place.condition.column.name);
    const path = valuePath(checked.tree, place.condition.operator === "in" || place.condition.operator === "notIn");
    if (table !== undefined && column !== undefined && path !== undefined) add(path, table, column);
  }
  return targets;
}

/** `command.lines.map(l, l.sku)` is a list of `command.lines[].sku`. */
function valuePath(tree: Typed, isList: boolean): string | undefined {
  if (tree.op === "macro" && tree.macro === "map") {
    const list = pathOf(tree.list, new Map());
    return list === undefined ? undefined : pathOf(tree.body, new Map([[tree.variable, `${list}[]`]]));
  }
  const path = pathOf(tree, new Map());
  return path === undefined || !isList ? path : `${path}[]`;
}

function writtenColumns({ insert, update, upsert }: Write, table: Table): readonly Column[] {
  if (insert || update === "any" || upsert !== undefined) return table.columns;
  return (update ?? []).flatMap(({ name }) => findColumn(table, name) ?? []);
}
