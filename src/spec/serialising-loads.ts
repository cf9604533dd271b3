import type { Load, Message, Table, TableLoad, UseCase } from "./model.js";

/**
 * The locked loads that put a message's key in order: those whose one locked row is the only row with the key's value, so
 * that two calls with one key cannot both be past their locks.
 */
export function serialisingLoads(
  message: Pick<Message, "key" | "payload">,
  { loads }: Pick<UseCase, "loads">,
  findTable: (name: string) => Table | undefined,
): readonly string[] {
  const key = keySource(message);
  if (key === undefined) return [];
  return loads.filter((load) => isLockedRow(load) && isNamedBy(key, load, findTable(load.table.name))).map(({ name }) => name);
}

/** The expression that gives a message's key: for `payload.orderId` what that field is computed from. */
export function keySource({ key, payload }: Pick<Message, "key" | "payload">): string | undefined {
  const source = key?.source.trim();
  const field = source?.startsWith("payload.") ? /^payload\.(\w+)$/.exec(source)?.[1] : undefined;
  if (field === undefined) return source;
  return payload.find(({ name }) => name === field)?.from?.source.trim() ?? source;
}

function isLockedRow(load: Load): load is TableLoad {
  return load.kind === "table" && load.cardinality !== "many" && (load.lock === "update" || load.lock === "no key update");
}

/** Whether a key is the value of a column of which one value names one row (of the tenant, where the convention binds the load). */
function isNamedBy(key: string, load: TableLoad, table: Table | undefined): boolean {
  if (table === undefined) return false;
  const isKey = (columns: readonly string[]) => {
    const [column] = columns;
    return column !== undefined && columns.length === 1 && (key === `${load.name}.${column}` || key === boundTo(load, column));
  };
  return isKey(table.primaryKey) || table.uniques.some(({ partial, columns }) => !partial && isKey(columns));
}

/** What a load's condition says its column equals. */
function boundTo({ where }: TableLoad, column: string): string | undefined {
  const condition = where.conditions.find((each) => each.column.name === column && each.operator === "eq" && each.when === undefined);
  return condition?.value.kind === "expression" ? condition.value.expression.source.trim() : undefined;
}
