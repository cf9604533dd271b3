import type { Write } from "../model.js";
import { buildWhere } from "./build-where.js";
import { child, type Entry, names } from "./cursor.js";

/** What may be changed in one table: a list of operations, or a mapping that says which columns. */
export function buildWrite(at: Entry): Write {
  const { path, file, key: table } = at;
  const named = { path, file, name: table };
  if (Array.isArray(at.value)) {
    return {
      path,
      file,
      table: named,
      insert: at.value.includes("insert"),
      update: at.value.includes("update") ? "any" : undefined,
      increment: undefined,
      upsert: undefined,
      delete: at.value.includes("delete") ? "row" : undefined,
    };
  }
  const update = child(at, "update");
  const increment = child(at, "increment");
  const upsert = child(at, "upsert");
  const remove = child(at, "delete");
  const where = remove === undefined ? undefined : child(remove, "where");
  return {
    path,
    file,
    table: named,
    insert: child(at, "insert") !== undefined,
    update: update === undefined ? undefined : update.value === true ? "any" : names(update),
    increment: increment === undefined ? undefined : names(increment),
    upsert:
      upsert === undefined ? undefined : { key: names(child(upsert, "key")), update: names(child(upsert, "update")), path: upsert.path },
    delete: remove === undefined ? undefined : where === undefined ? "row" : buildWhere(where),
  };
}
