import type { Aggregate, Load, Lock, OrderBy, TableLoad } from "../model.js";
import { buildWhere } from "./build-where.js";
import {
  type Cursor,
  child,
  entries,
  expression,
  isText,
  items,
  name,
  names,
  number,
  optionalExpression,
  optionalName,
  text,
} from "./cursor.js";

/** One load of `state`: rows of a table, an id from a sequence, or an advisory lock. */
export function buildLoad(loadName: string, at: Cursor): Load {
  const { path, file } = at;
  const when = optionalExpression(child(at, "when"));
  const sequence = text(child(at, "sequence"));
  if (sequence !== undefined) return { path, file, name: loadName, when, kind: "sequence", sequence };
  const advisoryLock = child(at, "advisoryLock");
  if (advisoryLock !== undefined) return { path, file, name: loadName, when, kind: "advisoryLock", key: expression(advisoryLock) };

  const where = child(at, "where");
  const columns = child(at, "columns");
  const aggregate = child(at, "aggregate");
  return {
    path,
    file,
    name: loadName,
    when,
    kind: "table",
    table: name(child(at, "table") ?? at),
    where: where === undefined ? { path, file, conditions: [], or: [], not: [] } : buildWhere(where),
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
  const [column, direction = at] = entries(at)[0] ?? [];
  const { path, file } = direction;
  if (column === undefined) return { path, file, column: String(at.value), direction: "asc" };
  return { path, file, column, direction: text(direction) === "desc" ? "desc" : "asc" };
}

function buildAggregate(key: string, at: Cursor): Aggregate {
  if (isText(at)) return { path: at.path, file: at.file, name: key, function: "count", column: undefined };
  const [of = "count", column] = entries(at)[0] ?? [];
  const { path, file } = column ?? at;
  return { path, file, name: key, function: of as Aggregate["function"], column: text(column) };
}
