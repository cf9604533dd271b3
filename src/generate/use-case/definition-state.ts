import type { ExpressionPlace } from "../../spec/expression/place.js";
import type { AdvisoryLockLoad, Aggregate, Condition, Load, SequenceLoad, TableLoad, Where } from "../../spec/model.js";
import { array, arrow, type Code, object } from "../code/code.js";
import { literal, numberLiteral, propertyKey } from "../encode.js";
import { tenantColumn, tenantFunction } from "./tenant.js";
import { advisoryLocks, sequenceLoads, tableLoads, type UseCaseParts } from "./use-case-parts.js";

/** Each load, in the order of the spec. */
export function stateDefinition(parts: UseCaseParts): Code {
  const entries = tableLoads(parts.useCase.loads).map((load): [string, Code] => [propertyKey(load.name), loadDefinition(load, parts)]);
  return object(Object.fromEntries(entries), { expanded: true });
}

/** The ids that are taken from sequences; undefined where there is none. */
export function sequencesDefinition(parts: UseCaseParts): Code | undefined {
  const entries = sequenceLoads(parts.useCase.loads).map((load): [string, Code] => [
    propertyKey(load.name),
    sequenceDefinition(load, parts),
  ]);
  return entries.length === 0 ? undefined : object(Object.fromEntries(entries), { expanded: true });
}

function sequenceDefinition(load: SequenceLoad, parts: UseCaseParts): Code {
  const [table = "", column = ""] = load.sequence.split(".");
  return object({ from: repositoryOf(table, parts), column: literal(column), ...whenAndAfter(load, parts) });
}

/** The advisory locks; undefined where there is none. */
export function locksDefinition(parts: UseCaseParts): Code | undefined {
  const entries = advisoryLocks(parts.useCase.loads).map((load): [string, Code] => [propertyKey(load.name), lockDefinition(load, parts)]);
  return entries.length === 0 ? undefined : object(Object.fromEntries(entries), { expanded: true });
}

function lockDefinition(load: AdvisoryLockLoad, parts: UseCaseParts): Code {
  return object({ key: parts.expressions.function(load.key, { kind: "advisory lock", load }), ...whenAndAfter(load, parts) });
}

function whenAndAfter(load: Load, parts: UseCaseParts): { readonly when: Code | undefined; readonly after: Code | undefined } {
  const after = loadsRead(load, parts);
  return {
    when: load.when && parts.expressions.function(load.when, { kind: "load when", load }),
    after: after.length === 0 ? undefined : array(after.map(literal)),
  };
}

function repositoryOf(table: string, { context, imports, file }: UseCaseParts): Code {
  return imports.value(context.paths.importOf(file, context.paths.repository(table)), `${table}Repository`);
}

function loadDefinition(load: TableLoad, parts: UseCaseParts): Code {
  return object(
    {
      from: repositoryOf(load.table.name, parts),
      where: whereDefinition(load.where, placesIn(load), parts, tenantColumn(load, parts)),
      cardinality: load.cardinality === "one" || load.aggregate !== undefined ? undefined : literal(load.cardinality),
      columns: load.columns && array(load.columns.map(({ name }) => literal(name))),
      aggregate: load.aggregate && aggregateDefinition(load.aggregate),
      lock: load.lock === "none" ? undefined : literal(load.lock),
      wait: load.wait === "block" ? undefined : literal(load.wait),
      orderBy: load.orderBy.length === 0 ? undefined : orderBy(load),
      limit: load.limit === undefined ? undefined : numberLiteral(load.limit),
      keyBy: load.keyBy && literal(load.keyBy.name),
      missing: load.missing && literal(load.missing.name),
      ...whenAndAfter(load, parts),
    },
    { expanded: true },
  );
}

function aggregateDefinition(aggregates: readonly Aggregate[]): Code {
  const entries = aggregates.map(({ name, function: of, column }): [string, Code] => [
    propertyKey(name),
    column === undefined ? literal("count") : object({ [of]: literal(column) }),
  ]);
  return object(Object.fromEntries(entries));
}

function orderBy({ orderBy: columns }: TableLoad): Code {
  return array(
    columns.map(({ column, direction }) =>
      object({ column: literal(column), direction: direction === "desc" ? literal(direction) : undefined }),
    ),
  );
}

/** The loads that conditions, key and `when` read, in the order of the spec. */
function loadsRead(load: Load, parts: UseCaseParts): readonly string[] {
  const { useCase, expressions } = parts;
  const read = new Set([
    ...(load.kind === "table" ? loadsInConditions(load, parts) : []),
    ...(load.kind === "advisoryLock" ? expressions.loadsIn(load.key, { kind: "advisory lock", load }) : []),
    ...(load.when === undefined ? [] : expressions.loadsIn(load.when, { kind: "load when", load })),
  ]);
  return useCase.loads.map(({ name }) => name).filter((name) => read.has(name));
}

function loadsInConditions(load: TableLoad, { expressions }: UseCaseParts): readonly string[] {
  return conditionsIn(load.where).flatMap((condition) => [
    ...(condition.value.kind === "expression" ? expressions.loadsIn(condition.value.expression, { kind: "where", load, condition }) : []),
    ...(condition.when === undefined ? [] : expressions.loadsIn(condition.when, { kind: "condition when", load, condition })),
  ]);
}

function conditionsIn({ conditions, or, not }: Where): readonly Condition[] {
  return [...conditions, ...[...or.flat(), ...not].flatMap(conditionsIn)];
}

/** The deletes by condition; undefined where there is none. */
export function deletesDefinition(parts: UseCaseParts): Code | undefined {
  const entries = parts.useCase.writes.flatMap(({ table: { name: table }, delete: where }): [string, Code][] => {
    if (typeof where !== "object") return [];
    const place =
      (kind: "delete where" | "delete when") =>
      (condition: Condition): ExpressionPlace => ({ kind, table, condition });
    const tenant = tenantColumn({ table: { name: table }, where, tenantOff: false }, parts);
    const condition = whereDefinition(where, { value: place("delete where"), when: place("delete when") }, parts, tenant);
    return [[propertyKey(table), object({ from: repositoryOf(table, parts), where: condition })]];
  });
  return entries.length === 0 ? undefined : object(Object.fromEntries(entries), { expanded: true });
}

/** Where a condition's expressions stand. */
interface Places {
  value(condition: Condition): ExpressionPlace;
  when(condition: Condition): ExpressionPlace;
}

function placesIn(load: TableLoad): Places {
  return {
    value: (condition) => ({ kind: "where", load, condition }),
    when: (condition) => ({ kind: "condition when", load, condition }),
  };
}

function whereDefinition(where: Where, places: Places, parts: UseCaseParts, tenant?: string): Code {
  const byColumn = new Map<string, Condition[]>();
  for (const condition of where.conditions)
    byColumn.set(condition.column.name, [...(byColumn.get(condition.column.name) ?? []), condition]);
  const columns = [...byColumn].map(([column, conditions]): [string, Code] => [
    propertyKey(column),
    columnDefinition(conditions, places, parts),
  ]);
  const bound: [string, Code | undefined][] = tenant === undefined ? [] : [[propertyKey(tenant), tenantFunction(parts)]];
  const branch = (each: Where) => whereDefinition(each, places, parts);
  const [or, ...moreOr] = where.or.map((branches): Code => array(branches.map(branch)));
  // One object holds one `OR` and one `NOT`: further alternatives are put as what must not fail to hold.
  const not: readonly Code[] = [...where.not.map(branch), ...moreOr.map((each) => object({ NOT: object({ OR: each }) }))];
  const entries = [...bound, ...columns];
  return object(
    { ...Object.fromEntries(entries), OR: or, NOT: not.length > 1 ? object({ OR: array(not) }) : not[0] },
    { expanded: entries.length > 1 || where.or.length > 0 || where.not.length > 0 },
  );
}

/** The conditions of one column: a function alone where it is equality and nothing else. */
function columnDefinition(conditions: readonly Condition[], places: Places, parts: UseCaseParts): Code {
  const [only] = conditions;
  if (only !== undefined && conditions.length === 1 && only.operator === "eq" && only.when === undefined) return value(only, places, parts);
  const operators = conditions.map((condition): [string, Code] => [condition.operator, value(condition, places, parts)]);
  const when = conditions.flatMap((condition) =>
    condition.when === undefined ? [] : [parts.expressions.function(condition.when, places.when(condition))],
  );
  return object({ ...Object.fromEntries(operators), when: when[0] });
}

function value(condition: Condition, places: Places, { expressions }: UseCaseParts): Code {
  const given = condition.value;
  if (given.kind === "flag") return literal(given.value);
  if (given.kind === "const") return arrow("()", literal(given.value));
  return expressions.function(given.expression, places.value(condition));
}
