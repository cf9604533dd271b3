import type { ExpressionPlace } from "../../spec/expression/place.js";
import type { AdvisoryLockLoad, Aggregate, Condition, Expression, Load, SequenceLoad, TableLoad, Where } from "../../spec/model.js";
import { array, arrow, type Code, type ObjectEntry, object, objectOf } from "../code/code.js";
import { literal, numberLiteral, propertyKey } from "../encode.js";
import { tenantColumn, tenantFunction } from "./tenant.js";
import { advisoryLocks, sequenceLoads, tableLoads, type UseCaseParts } from "./use-case-parts.js";

/** Each load, in the order of the spec. */
export function stateDefinition(parts: UseCaseParts): Code {
  return objectOf(entriesOf(tableLoads(parts.useCase.loads), loadDefinition, parts), { expanded: true });
}

/** The ids that are taken from sequences; undefined where there is none. */
export function sequencesDefinition(parts: UseCaseParts): Code | undefined {
  const loads = sequenceLoads(parts.useCase.loads);
  return loads.length === 0 ? undefined : objectOf(entriesOf(loads, sequenceDefinition, parts), { expanded: true });
}

/** The advisory locks; undefined where there is none. */
export function locksDefinition(parts: UseCaseParts): Code | undefined {
  const locks = advisoryLocks(parts.useCase.loads);
  return locks.length === 0 ? undefined : objectOf(entriesOf(locks, lockDefinition, parts), { expanded: true });
}

function entriesOf<L extends Load>(
  loads: readonly L[],
  define: (load: L, parts: UseCaseParts) => Code,
  parts: UseCaseParts,
): ObjectEntry[] {
  return loads.map((load) => ({ key: propertyKey(load.name), value: define(load, parts) }));
}

function sequenceDefinition(load: SequenceLoad, parts: UseCaseParts): Code {
  const [table = "", column = ""] = load.sequence.split(".");
  return object({ from: parts.repository(table), column: literal(column), when: when(load, parts), after: after(load, parts) });
}

function lockDefinition(load: AdvisoryLockLoad, parts: UseCaseParts): Code {
  const key = parts.expressions.function(load.key, { kind: "advisory lock", load });
  return object({ key, when: when(load, parts), after: after(load, parts) });
}

function when(load: Load, { expressions }: UseCaseParts): Code | undefined {
  return load.when && expressions.function(load.when, { kind: "load when", load });
}

function after(load: Load, parts: UseCaseParts): Code | undefined {
  const read = loadsRead(load, parts);
  return read.length === 0 ? undefined : array(read.map(literal));
}

function loadDefinition(load: TableLoad, parts: UseCaseParts): Code {
  return object(
    {
      from: parts.repository(load.table.name),
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
      when: when(load, parts),
      after: after(load, parts),
    },
    { expanded: true },
  );
}

function aggregateDefinition(aggregates: readonly Aggregate[]): Code {
  return objectOf(
    aggregates.map(({ name, function: of, column }) => ({
      key: propertyKey(name),
      value: column === undefined ? literal("count") : object({ [of]: literal(column) }),
    })),
  );
}

function orderBy({ orderBy: columns }: TableLoad): Code {
  return array(
    columns.map(({ column, direction }) =>
      object({ column: literal(column), direction: direction === "desc" ? literal(direction) : undefined }),
    ),
  );
}

/** The loads that conditions, key and `when` read, in the order of the spec. */
function loadsRead(load: Load, { useCase, expressions }: UseCaseParts): readonly string[] {
  // A load does not read itself.
  if (useCase.loads.length === 1) return [];
  const read = new Set<string>();
  const add = (expression: Expression | undefined, place: ExpressionPlace) => {
    if (expression !== undefined) for (const root of expressions.roots(expression, place)) read.add(root);
  };
  add(load.when, { kind: "load when", load });
  if (load.kind === "advisoryLock") add(load.key, { kind: "advisory lock", load });
  if (load.kind === "table")
    for (const condition of conditionsIn(load.where)) {
      if (condition.value.kind === "expression") add(condition.value.expression, { kind: "where", load, condition });
      add(condition.when, { kind: "condition when", load, condition });
    }
  return useCase.loads.map(({ name }) => name).filter((name) => read.has(name));
}

function conditionsIn({ conditions, or, not }: Where): readonly Condition[] {
  if (or.length === 0 && not.length === 0) return conditions;
  return [...conditions, ...[...or.flat(), ...not].flatMap(conditionsIn)];
}

/** The deletes by condition; undefined where there is none. */
export function deletesDefinition(parts: UseCaseParts): Code | undefined {
  const entries = parts.useCase.writes.flatMap(({ table: { name: table }, delete: where }): ObjectEntry[] => {
    if (typeof where !== "object") return [];
    const place =
      (kind: "delete where" | "delete when") =>
      (condition: Condition): ExpressionPlace => ({ kind, table, condition });
    const tenant = tenantColumn({ table: { name: table }, where, tenantOff: false }, parts);
    const condition = whereDefinition(where, { value: place("delete where"), when: place("delete when") }, parts, tenant);
    return [{ key: propertyKey(table), value: object({ from: parts.repository(table), where: condition }) }];
  });
  return entries.length === 0 ? undefined : objectOf(entries, { expanded: true });
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
  for (const condition of where.conditions) {
    const others = byColumn.get(condition.column.name);
    if (others === undefined) byColumn.set(condition.column.name, [condition]);
    else others.push(condition);
  }
  const entries: ObjectEntry[] = [];
  const bound = tenant === undefined ? undefined : tenantFunction(parts);
  if (tenant !== undefined && bound !== undefined) entries.push({ key: propertyKey(tenant), value: bound });
  for (const [column, conditions] of byColumn)
    entries.push({ key: propertyKey(column), value: columnDefinition(conditions, places, parts) });
  const isExpanded = entries.length > 1 || where.or.length > 0 || where.not.length > 0;

  const branch = (each: Where) => whereDefinition(each, places, parts);
  const [or, ...moreOr] = where.or.map((branches): Code => array(branches.map(branch)));
  // One object holds one `OR` and one `NOT`: further alternatives are put as what must not fail to hold.
  const not: readonly Code[] = [...where.not.map(branch), ...moreOr.map((each) => object({ NOT: object({ OR: each }) }))];
  if (or !== undefined) entries.push({ key: "OR", value: or });
  const [only, ...moreNot] = not;
  if (only !== undefined) entries.push({ key: "NOT", value: moreNot.length > 0 ? object({ OR: array(not) }) : only });
  return objectOf(entries, { expanded: isExpanded });
}

/** The conditions of one column: a function alone where it is equality and nothing else. */
function columnDefinition(conditions: readonly Condition[], places: Places, parts: UseCaseParts): Code {
  const only = conditions[0];
  if (only !== undefined && conditions.length === 1 && only.operator === "eq" && only.when === undefined) return value(only, places, parts);
  const entries: ObjectEntry[] = conditions.map((condition) => ({ key: condition.operator, value: value(condition, places, parts) }));
  const restricted = conditions.find((condition) => condition.when !== undefined);
  if (restricted?.when !== undefined)
    entries.push({ key: "when", value: parts.expressions.function(restricted.when, places.when(restricted)) });
  return objectOf(entries);
}

function value(condition: Condition, places: Places, { expressions }: UseCaseParts): Code {
  const given = condition.value;
  if (given.kind === "flag") return literal(given.value);
  if (given.kind === "const") return arrow("()", literal(given.value));
  return expressions.function(given.expression, places.value(condition));
}
