import type { Aggregate, Load, Lock, OrderBy, TableLoad } from "../model.js";
import { buildWhere } from "./build-where.js";
import {
  type Cursor,
  child,
  entries,
  expression,
  isText,
  items,
  located,
  name,
  names,
  number,
  optionalExpression,
  optionalName,
  text,
} from "./cursor.js";

/** One load of `state`: rows of a table, an id from a sequence, or an advisory lock. */
export function buildLoad(loadName: string, at: Cursor): Load {
  const base = { ...located(at), name: loadName, when: optionalExpression(child(at, "when")) };
  const sequence = text(child(at, "sequence"));
  if (sequence !== undefined) return { ...base, kind: "sequence", sequence };
  const advisoryLock = child(at, "advisoryLock");
  if (advisoryLock !== undefined) return { ...base, kind: "advisoryLock", key: expression(advisoryLock) };

  const where = child(at, "where");
  const columns = child(at, "columns");
  const aggregate = child(at, "aggregate");
  return {
    ...base,
    kind: "table",
    table: name(child(at, "table") ?? at),
    where: where === undefined ? { ...located(at), conditions: [], or: [], not: [] } : buildWhere(where),
    cardinality: (text(child(at, "cardinality")) ?? "one") as TableLoad["cardinality"],
    lock: (text(child(at, "lock")) ?? "none") as Lock,
    wait: (text(child(at, "wait")) ?? "block") as TableLoad["wait"],
    orderBy: items(child(at, "orderBy")).map(buildOrderBy),
    limit: number(child(at, "limit")),
    keyBy: optionalName(child(at, "keyBy")),
    missing: optionalName(child(at, "missing")),
    aggregate: aggregate === undefined ? undefined : entries(aggregate).map(([key, value]) => buildAggregate(key, value)),
    columns: columns === undefined ? undefined : names(columns),
    tenantOff: text(child(at, "tenant")) === "none",
  };
}

function buildOrderBy(at: Cursor): OrderBy {
  const [column, direction] = entries(at)[0] ?? [];
  if (column === undefined) return { ...located(at), column: String(at.value), direction: "asc" };
  return { ...located(direction ?? at), column, direction: text(direction) === "desc" ? "desc" : "asc" };
}

function buildAggregate(key: string, at: Cursor): Aggregate {
  if (isText(at)) return { ...located(at), name: key, function: "count", column: undefined };
  const [of = "count", column] = entries(at)[0] ?? [];
  return { ...located(column ?? at), name: key, function: of as Aggregate["function"], column: text(column) };
}
