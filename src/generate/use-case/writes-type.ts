import type { Write } from "../../spec/model.js";
import { type Code, generic, intersection, member, union } from "../code/code.js";
import { type Declaration, interfaceOf } from "../code/declaration.js";
import { literal, propertyKey } from "../encode.js";
import type { UseCaseParts } from "./use-case-parts.js";

/** `…Writes`: the tables that the handler may change, and how; undefined where it may change none. */
export function writesType(parts: UseCaseParts): Declaration | undefined {
  const { useCase } = parts;
  return useCase.writes.length === 0
    ? undefined
    : interfaceOf(
        `${useCase.name}Writes`,
        useCase.writes.map((write) => member(propertyKey(write.table.name), rights(write, parts))),
      );
}

function rights(write: Write, parts: UseCaseParts): Code {
  const table = write.table.name;
  const row = parts.context.rowName(table);
  const whole = [
    ...(write.insert ? ["insert"] : []),
    ...(write.update === "any" ? ["update"] : []),
    ...(write.delete === "row" ? ["delete"] : []),
  ];
  const named = (columns: readonly { readonly name: string }[]) => union(columns.map(({ name }) => literal(name)));
  return intersection([
    ...(whole.length === 0 ? [] : [generic("Pick", parts.rowType(table, `${row}Writes`), union(whole.map(literal)))]),
    ...(write.update === undefined || write.update === "any"
      ? []
      : [generic(parts.core("UpdateOf"), literal(table), generic("Pick", parts.rowType(table, `${row}Changes`), named(write.update)))]),
    ...(write.upsert === undefined ? [] : [generic(parts.core("UpsertOf"), parts.rowType(table, `New${row}`))]),
    ...(typeof write.delete === "object" ? [generic(parts.core("DeletesOf"), parts.rowType(table, row))] : []),
    ...(write.increment === undefined
      ? []
      : [
          generic(
            parts.core("IncrementOf"),
            parts.rowType(table, row),
            union(parts.context.table(table).primaryKey.map(literal)),
            named(write.increment),
          ),
        ]),
  ]);
}
