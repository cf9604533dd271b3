import { type SQL, sql } from "drizzle-orm";
import { arrayText } from "../codec/array-text.js";
import { driverText } from "../codec/column-codec.js";
import type { ErasedCondition, ErasedOperators, ErasedScope, ErasedWhere } from "../internals.js";
import type { SqlText } from "../ports.js";
import type { AnyRepository } from "../repository.js";
import { type ColumnInfo, columnOf } from "../table-info.js";

/** How a parameter gets its value. */
export type Evaluate = (scope: ErasedScope) => SqlText;

/** Collects the parameters of one statement. */
export interface ParameterList {
  /** The placeholder for a value: one for all functions that read alike and go into the same type. */
  placeholder(source: (scope: ErasedScope) => unknown, type: string, evaluate: Evaluate): SQL;
}

/** Whether a conditional part takes place. */
export type IsActive = (when: (scope: ErasedScope) => boolean) => boolean;

const comparisons = { eq: "=", ne: "<>", lt: "<", lte: "<=", gt: ">", gte: ">=" } as const;

/** A load's `where` as SQL; undefined where nothing is asked. */
export function whereSql(repository: AnyRepository, where: ErasedWhere, parameters: ParameterList, isActive: IsActive): SQL | undefined {
  const { OR, NOT, ...columns } = where;
  const parts = Object.entries(columns).flatMap(([key, condition]) =>
    condition === undefined ? [] : columnConditions(columnOf(repository, key), condition as ErasedCondition, parameters, isActive),
  );
  const branches = OR?.flatMap((branch) => whereSql(repository, branch, parameters, isActive) ?? []);
  if (branches !== undefined && branches.length > 0) parts.push(sql`(${sql.join(branches, sql` or `)})`);
  const negated = NOT === undefined ? undefined : whereSql(repository, NOT, parameters, isActive);
  if (negated !== undefined) parts.push(sql`not ${negated}`);
  return parts.length === 0 ? undefined : sql`(${sql.join(parts, sql` and `)})`;
}

/** Every `when` in a load's `where`, in a fixed order. */
export function conditionalParts(where: ErasedWhere): readonly ((scope: ErasedScope) => boolean)[] {
  const { OR, NOT, ...columns } = where;
  const own = Object.values(columns).flatMap((condition) => {
    const when = typeof condition === "object" ? (condition as ErasedOperators).when : undefined;
    return when === undefined ? [] : [when];
  });
  return [...own, ...(OR ?? []).flatMap(conditionalParts), ...(NOT === undefined ? [] : conditionalParts(NOT))];
}

function columnConditions(info: ColumnInfo, condition: ErasedCondition, parameters: ParameterList, isActive: IsActive): SQL[] {
  if (typeof condition === "function") return columnConditions(info, { eq: condition }, parameters, isActive);
  if (condition.when !== undefined && !isActive(condition.when)) return [];
  const { expression: column } = info;
  const value = (source: (scope: ErasedScope) => unknown) =>
    parameters.placeholder(source, info.castType, (scope) => encodeOrNull(info, source(scope)));
  const pattern = (source: (scope: ErasedScope) => unknown) =>
    parameters.placeholder(source, "pattern", (scope) => driverText(source(scope) ?? null));
  const list = (source: (scope: ErasedScope) => readonly unknown[]) =>
    parameters.placeholder(source, `list of ${info.castType}`, (scope) => listText(info, source(scope)));

  const parts: SQL[] = [];
  for (const [operator, symbol] of Object.entries(comparisons)) {
    const source = condition[operator as keyof typeof comparisons];
    if (source !== undefined) parts.push(sql`${column} ${sql.raw(symbol)} ${value(source)}`);
  }
  if (condition.in !== undefined) parts.push(sql`${column} = any(${list(condition.in)})`);
  if (condition.notIn !== undefined) parts.push(sql`${column} <> all(${list(condition.notIn)})`);
  if (condition.like !== undefined) parts.push(sql`${column} like ${pattern(condition.like)}`);
  if (condition.ilike !== undefined) parts.push(sql`${column} ilike ${pattern(condition.ilike)}`);
  if (condition.arrayContains !== undefined) parts.push(sql`${column} @> ${value(condition.arrayContains)}`);
  if (condition.isNull !== undefined) parts.push(sql`${column} is ${sql.raw(condition.isNull ? "null" : "not null")}`);
  if (condition.isNotNull !== undefined) parts.push(sql`${column} is ${sql.raw(condition.isNotNull ? "not null" : "null")}`);
  return parts;
}

/** An optional field that was left out is SQL's NULL: nothing equals it. */
function encodeOrNull(info: ColumnInfo, value: unknown): SqlText {
  return value === undefined ? null : info.encode(value);
}

/** The distinct values of a list as one array parameter. */
function listText(info: ColumnInfo, values: readonly unknown[]): SqlText {
  return arrayText([...new Set(values.map((value) => encodeOrNull(info, value)))]);
}
