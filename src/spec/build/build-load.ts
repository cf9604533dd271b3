import type { Aggregate, Load, Lock, OrderBy, TableLoad } from "../model.js";
import { buildWhere } from "./build-where.js";
import {
  type Cursor,
  child,
  type Entry,
  entries,
  expression,
  items,
  name,
  names,
  number,
  optionalExpression,
  optionalName,
  text,
} from "./cursor.js";

/** One load of `state`: rows of a table, an id from a sequence, or an advisory lock. */
export function buildLoad(at: Entry): Load {
  const { path, file, key: loadName } = at;
  const when = optionalExpression(child(at, "when"));
  const sequence = text(at, "sequence");
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
    cardinality: (text(at, "cardinality") ?? "one") as TableLoad["cardinality"],
    lock: (text(at, "lock") ?? "none") as Lock,
    wait: (text(at, "wait") ?? "block") as TableLoad["wait"],
    orderBy: items(child(at, "orderBy")).map(buildOrderBy),
    limit: number(at, "limit"),
    keyBy: optionalName(child(at, "keyBy")),
    missing: optionalName(child(at, "missing")),
    aggregate: aggregate === undefined ? undefined : entries(aggregate).map(buildAggregate),
    columns: columns === undefined ? undefined : names(columns),
    tenantOff: text(at, "tenant") === "none",
  };
}

function buildOrderBy(at: Cursor): OrderBy {
  const [column] = entries(at);
  if (column === undefined) return { path: at.path, file: at.file, column: String(at.value), direction: "asc" };
  return { path: column.path, file: column.file, column: column.key, direction: column.value === "desc" ? "desc" : "asc" };
}

function buildAggregate(at: Entry): Aggregate {
  const [column] = entries(at);
  if (column === undefined) return { path: at.path, file: at.file, name: at.key, function: "count", column: undefined };
  const { path, file, key: of, value } = column;
  return { path, file, name: at.key, function: of as Aggregate["function"], column: typeof value === "string" ? value : undefined };
}
