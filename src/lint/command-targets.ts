import type { Typed } from "../spec/expression/typed.js";
import { findColumn } from "../spec/find-table.js";
import type { Column, Write } from "../spec/model.js";
import type { UseCaseContext } from "./context.js";
import { pathOf } from "./secret-paths.js";

export interface Target {
  readonly table: string;
  readonly column: Column;
}

/**
 * Finds the columns that a value of the command goes to. By path (`command.lines[].sku`) those of conditions; by a field's
 * name alone the written columns of that name, because only the handler knows which value it gives to which.
 */
export function commandTargets(context: UseCaseContext): (path: string, name: string) => readonly Target[] {
  const compared = comparedColumns(context);
  return (path, name) => [...(compared.get(path) ?? []), ...writtenColumns(name, context)];
}

function comparedColumns({ findTable, expressions }: UseCaseContext): ReadonlyMap<string, readonly Target[]> {
  const targets = new Map<string, readonly Target[]>();
  for (const { place, checked } of expressions()) {
    if (place.kind !== "where" || checked.tree === undefined) continue;
    const table = findTable(place.load.table.name);
    const column = table && findColumn(table, place.condition.column.name);
    const path = valuePath(checked.tree, place.condition.operator === "in" || place.condition.operator === "notIn");
    if (table === undefined || column === undefined || path === undefined) continue;
    targets.set(path, [...(targets.get(path) ?? []), { table: table.name, column }]);
  }
  return targets;
}

function writtenColumns(name: string, { useCase, findTable }: UseCaseContext): readonly Target[] {
  return useCase.writes.flatMap((write) => {
    const table = isWritten(name, write) ? findTable(write.table.name) : undefined;
    const column = table && findColumn(table, name);
    return column === undefined ? [] : { table: write.table.name, column };
  });
}

function isWritten(name: string, { insert, update, upsert }: Write): boolean {
  return insert || update === "any" || upsert !== undefined || update?.some((column) => column.name === name) === true;
}

/** `command.lines.map(l, l.sku)` is a list of `command.lines[].sku`. */
function valuePath(tree: Typed, isList: boolean): string | undefined {
  if (tree.op === "macro" && tree.macro === "map") {
    const list = pathOf(tree.list);
    return list === undefined ? undefined : pathOf(tree.body, new Map([[tree.variable, `${list}[]`]]));
  }
  const path = pathOf(tree);
  return path === undefined || !isList ? path : `${path}[]`;
}
