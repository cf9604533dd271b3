import { type SQL, sql } from "drizzle-orm";
import { type PgColumn, QueryBuilder } from "drizzle-orm/pg-core";
import { boundedCache } from "../bounded-cache.js";
import type { Lock } from "../definition.js";
import type { ErasedScope } from "../internals.js";
import type { BurstItem, SqlText, Statement } from "../ports.js";
import type { AnyRepository } from "../repository.js";
import { type CompiledStatement, compileStatement } from "../sql/statement.js";
import { type ColumnInfo, columnOf, tableInfo } from "../table-info.js";
import { type Total, totalsOf } from "./aggregate.js";
import { type Evaluate, type ParameterList, whereSql } from "./conditions.js";
import type { PlannedLoad } from "./planned-load.js";

/** `transaction`: with locks, and behind the gate that a claim opens. `snapshot`: a mere read. */
export type LoadMode = "transaction" | "snapshot";

/** A statement for those loads of a group that take place. */
export interface LoadVariant {
  readonly statement: Statement;
  readonly parameters: readonly LoadParameter[];
  /** The columns of its rows, by position. */
  readonly columns: readonly ColumnInfo[];
  /** What it computes instead of rows, by position. */
  readonly totals?: readonly Total[];
  /** The loads, and where their rows are marked: no mark where all rows are one load's. */
  readonly dealt: readonly { readonly planned: PlannedLoad; readonly mark?: number }[];
}

/** A text that is always the same, or the functions that give it: all of them the same. */
export type LoadParameter = { readonly text: SqlText } | { readonly sources: readonly Evaluate[] };

export type LoadStatement = (
  active: readonly PlannedLoad[],
  isActive: (when: (scope: ErasedScope) => boolean) => boolean,
  mask: string,
  mode: LoadMode,
) => LoadVariant;

/** The gate is a one-time filter: where it is closed, the statement finds, locks and waits for nothing. */
const gate = sql`current_setting('usecase.go', true) = '1'`;
// A group of n conditional parts has 2^n variants; what is not used for long is compiled again.
const variantLimit = 64;

export function statementCache(repository: AnyRepository, loads: readonly PlannedLoad[]): LoadStatement {
  const cache = boundedCache<LoadVariant>(variantLimit);
  const columns = selectedColumns(repository, loads);
  return (active, isActive, mask, mode) => cache.get(`${mode} ${mask}`, () => compileLoads(repository, columns, active, isActive, mode));
}

/** The statement with its parameters for one call. */
export function bindLoads({ statement, parameters }: LoadVariant, scope: ErasedScope): BurstItem {
  return [statement, parameters.map((parameter) => ("text" in parameter ? parameter.text : evaluate(parameter.sources, scope)))];
}

function evaluate(sources: readonly Evaluate[], scope: ErasedScope): SqlText {
  let text: SqlText | undefined;
  for (const source of sources) {
    const own = source(scope);
    // Functions that read alike are one parameter. Generated ones close over nothing, so they also give the same.
    if (text !== undefined && own !== text) throw new Error("Two conditions read alike but differ: their functions close over something.");
    text = own;
  }
  return text ?? null;
}

function bindable({ statement, parameters }: CompiledStatement, sources: ReadonlyMap<string, readonly Evaluate[]>) {
  const bound = parameters.map((parameter): LoadParameter => {
    if ("text" in parameter) return parameter;
    const own = sources.get(parameter.name);
    if (own === undefined) throw new Error(`The parameter ${parameter.name} has no source.`);
    return { sources: own };
  });
  return { statement, parameters: bound };
}

function compileLoads(
  repository: AnyRepository,
  columns: readonly ColumnInfo[],
  active: readonly PlannedLoad[],
  isActive: (when: (scope: ErasedScope) => boolean) => boolean,
  mode: LoadMode,
): LoadVariant {
  const sources = new Map<string, Evaluate[]>();
  const parameters = parameterList(sources);
  const [first] = active;
  if (first?.load.aggregate !== undefined) {
    const { where, aggregate } = first.load;
    const totals = totalsOf(repository, aggregate);
    const query = new QueryBuilder()
      .select(Object.fromEntries(totals.map(({ name, expression }) => [name, expression])))
      .from(repository.table)
      .where(behindGate(whereSql(repository, where, parameters, isActive) ?? sql`true`, mode));
    return { ...bindable(compileStatement(query.getSQL()), sources), columns: [], totals, dealt: [{ planned: first }] };
  }
  const conditions = active.map(({ load }) => whereSql(repository, load.where, parameters, isActive) ?? sql`true`);
  const [condition = sql`true`] = conditions;
  const merged = conditions.length === 1 ? condition : sql`(${sql.join(conditions, sql` or `)})`;
  const marks = conditions.length === 1 ? [] : conditions;

  const selection: Record<string, PgColumn | SQL> = Object.fromEntries(columns.map(({ key, expression }) => [key, expression]));
  for (const [index, condition] of marks.entries()) selection[`#${index}`] = sql`${condition}`;
  const query = new QueryBuilder().select(selection).from(repository.table).where(behindGate(merged, mode)).$dynamic();
  if (first !== undefined) orderAndLimit(query, repository, first);
  lock(query, first, mode);
  return {
    ...bindable(compileStatement(query.getSQL()), sources),
    columns,
    dealt: active.map((planned, index) => (marks.length === 0 ? { planned } : { planned, mark: columns.length + index })),
  };
}

function behindGate(condition: SQL, mode: LoadMode): SQL {
  return mode === "transaction" ? sql`${gate} and ${condition}` : condition;
}

/** The part of Drizzle's select that is completed here. */
interface Select {
  orderBy(...columns: SQL[]): unknown;
  limit(rows: number): unknown;
  for(strength: Exclude<Lock, "none">, wait: { noWait: true } | { skipLocked: true } | object): unknown;
}

function orderAndLimit(query: Select, repository: AnyRepository, { load }: PlannedLoad): void {
  const chosen = (load.orderBy ?? []).map(({ column, direction }) => {
    const { expression } = columnOf(repository, column);
    return direction === "desc" ? sql`${expression} desc` : sql`${expression}`;
  });
  // The key comes last, so that the order is one and the same every time; alone, it is the order in which rows are locked.
  const byKey = repository.key.map((key) => sql`${columnOf(repository, key).expression}`);
  const order = [...chosen, ...byKey];
  if (order.length > 0) query.orderBy(...order);
  const limit = load.cardinality === "many" ? load.limit : load.orderBy === undefined ? load.limit : 1;
  if (limit !== undefined) query.limit(limit);
}

function lock(query: Select, planned: PlannedLoad | undefined, mode: LoadMode): void {
  const strength = planned?.load.lock ?? "none";
  if (strength === "none" || mode === "snapshot") return;
  const wait = planned?.load.wait;
  query.for(strength, wait === "nowait" ? { noWait: true } : wait === "skip locked" ? { skipLocked: true } : {});
}

/** One placeholder for all functions that read alike and go into one type. */
function parameterList(sources: Map<string, Evaluate[]>): ParameterList {
  const names = new Map<string, string>();
  return {
    placeholder(source, type, evaluateSource) {
      const key = `${type} ${source.toString()}`;
      const name = names.get(key) ?? `p${names.size}`;
      names.set(key, name);
      sources.set(name, [...(sources.get(name) ?? []), evaluateSource]);
      return sql`${sql.placeholder(name)}`;
    },
  };
}

/** All columns, unless every load of the group has a projection; the key is always among them. */
function selectedColumns(repository: AnyRepository, loads: readonly PlannedLoad[]): readonly ColumnInfo[] {
  const all = [...tableInfo(repository).columns.values()];
  const projections = loads.map(({ load }) => load.columns);
  if (projections.some((columns) => columns === undefined)) return all;
  const own = repository.version === undefined ? repository.key : [...repository.key, repository.version];
  const wanted = new Set([...own, ...projections.flatMap((columns) => columns ?? []), ...loads.flatMap(neededColumns)]);
  return all.filter(({ key }) => wanted.has(key));
}

/** Columns that dealing the rows needs, whether or not the row shows them. */
function neededColumns({ load }: PlannedLoad): readonly string[] {
  const keyed = load.keyBy === undefined ? [] : [load.keyBy];
  return load.missing === undefined || load.cardinality !== "many" ? keyed : [...keyed, ...listColumns(load.where)];
}

function listColumns(where: object): readonly string[] {
  return Object.entries(where).flatMap(([key, condition]) =>
    typeof condition === "object" && condition !== null && "in" in condition ? [key] : [],
  );
}
