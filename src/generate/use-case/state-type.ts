import type { Aggregate, SequenceLoad, Table, TableLoad } from "../../spec/model.js";
import { arrayOf, type Code, generic, type Member, member, members, union } from "../code/code.js";
import { type Declaration, interfaceOf } from "../code/declaration.js";
import { literal, propertyKey, quoted } from "../encode.js";
import type { UseCaseParts } from "./use-case-parts.js";

/** `…State`: what the loads found; undefined where nothing is loaded. */
export function stateType(parts: UseCaseParts): Declaration | undefined {
  const { useCase } = parts;
  const loads = useCase.loads.flatMap((load) =>
    // Nothing is found by a lock.
    load.kind === "advisoryLock" ? [] : [load.kind === "table" ? loadMember(load, parts) : idMember(load, parts)],
  );
  return loads.length === 0 ? undefined : interfaceOf(`${useCase.name}State`, loads);
}

function idMember({ name, sequence, when }: SequenceLoad, { context, rowType }: UseCaseParts): Member {
  const [table = "", column = ""] = sequence.split(".");
  const id = `${rowType(table, context.rowName(table))}[${literal(column)}]`;
  const comment = when === undefined ? "" : ` Taken when ${quoted(when.source)}, else null.`;
  return member(propertyKey(name), when === undefined ? id : union([id, "null"]), {
    comment: [`The next ${quoted(sequence)}.${comment}`],
  });
}

function loadMember(load: TableLoad, parts: UseCaseParts): Member {
  return member(propertyKey(load.name), loadedType(load, parts), { comment: loadComment(load) });
}

function loadedType(load: TableLoad, parts: UseCaseParts): Code {
  const { context } = parts;
  const table = load.table.name;
  const row = parts.rowType(table, context.rowName(table));
  if (load.aggregate !== undefined) {
    const totals = load.aggregate.map((each) => member(propertyKey(each.name), totalType(each, row, context.table(table))));
    const computed = generic(parts.core("Totals"), row, members(totals));
    return load.when === undefined ? computed : union([computed, "null"]);
  }
  const loaded: Code =
    load.columns === undefined ? row : generic(parts.core("Projection"), row, union(load.columns.map(({ name }) => literal(name))));
  if (load.cardinality !== "many") return load.cardinality === "optional" || load.when !== undefined ? union([loaded, "null"]) : loaded;
  return load.keyBy === undefined ? arrayOf(loaded) : generic("ReadonlyMap", `${row}[${literal(load.keyBy.name)}]`, loaded);
}

/** The sum of nothing is 0; its smallest, largest and mean value are null. */
function totalType({ function: of, column: name }: Aggregate, row: string, { columns }: Table): Code {
  const column = columns.find((each) => each.name === name);
  if (column === undefined || of === "count") return "number";
  const value = `${row}[${literal(column.name)}]`;
  if (of === "sum") return column.notNull ? value : generic("NonNullable", value);
  return union([of === "avg" && column.columnType !== "PgNumeric" ? "number" : value, "null"]);
}

function loadComment({ cardinality, aggregate, keyBy, lock, when }: TableLoad): readonly string[] {
  const nothing = cardinality === "many" && aggregate === undefined ? "empty" : "null";
  const sentences = [
    ...(keyBy === undefined ? [] : [`By ${quoted(keyBy.name)}.`]),
    ...(lock === "none" ? [] : [`Locked ${quoted(lock)}.`]),
    ...(when === undefined ? [] : [`Loaded when ${quoted(when.source)}, else ${nothing}.`]),
  ];
  return sentences.length === 0 ? [] : [sentences.join(" ")];
}
