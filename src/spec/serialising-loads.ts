import type { Message, Table, TableLoad, UseCase } from "./model.js";

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
  return loads
    .filter((load): load is TableLoad => load.kind === "table" && load.cardinality !== "many")
    .filter(({ lock }) => lock === "update" || lock === "no key update")
    .filter((load) =>
      uniqueColumns(findTable(load.table.name)).some((column) => key === `${load.name}.${column}` || key === boundTo(load, column)),
    )
    .map(({ name }) => name);
}

/** The expression that gives a message's key: for `payload.orderId` what that field is computed from. */
export function keySource({ key, payload }: Pick<Message, "key" | "payload">): string | undefined {
  const source = key?.source.trim();
  const field = /^payload\.(\w+)$/.exec(source ?? "")?.[1];
  return payload.find(({ name }) => name === field)?.from?.source.trim() ?? source;
}

/** The columns of which one value names one row (of the tenant, where the convention binds the load). */
function uniqueColumns(table: Table | undefined): readonly string[] {
  if (table === undefined) return [];
  const whole = table.uniques.filter(({ partial }) => !partial).map(({ columns }) => columns);
  return [table.primaryKey, ...whole].flatMap((columns) => (columns.length === 1 ? columns : []));
}

/** What a load's condition says its column equals. */
function boundTo({ where }: TableLoad, column: string): string | undefined {
  const condition = where.conditions.find((each) => each.column.name === column && each.operator === "eq" && each.when === undefined);
  return condition?.value.kind === "expression" ? condition.value.expression.source.trim() : undefined;
}
