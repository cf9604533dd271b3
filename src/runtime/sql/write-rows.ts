import type { SqlText } from "../ports.js";
import { type ColumnInfo, columnOf, tableInfo } from "../table-info.js";
import type { WriteStep } from "../writes/plan-writes.js";
import type { RowChange } from "../writes/row-change.js";
import type { DeletePart } from "./delete-where.js";
import { quoteLiteral } from "./identifier.js";
import { fitsValues, matchedRows, orderedRows, type RowSource, rowSourceSql, type SourceColumn } from "./row-source.js";
import type { NextParameter, WritePart } from "./write-part.js";

const isNew = ({ operation }: WriteStep) => operation === "insert" || operation === "upsert";

/** The steps of user tables as parts, in their order. An insert comes after all other changes of its table. */
export function writeSteps(steps: readonly WriteStep[], deletes: readonly DeletePart[] = []): readonly WritePart[] {
  return steps.map((step, index) => {
    const name = `w${index}`;
    if (!isNew(step)) return changeRows(step, name);
    const table = step.repository.name;
    const deleted = deletes.filter(({ deletion }) => deletion.from.name === table).map(({ cte }) => cte);
    const changed = steps.flatMap((other, at) => (!isNew(other) && other.repository.name === table ? [`w${at}`] : []));
    return insertRows(step, name, [...deleted, ...changed]);
  });
}

/** One data-modifying CTE of this name; `after` are those that it must see done. */
function insertRows(step: WriteStep, name: string, after: readonly string[]): WritePart {
  const { repository, set, rows } = step;
  const columns = set.map((key) => columnOf(repository, key));
  const cells: SqlText[] = [];
  for (const { values } of rows) for (const { key, encode } of columns) cells.push(encode(values[key]));
  const insert = (source: string) => {
    // An id that was taken from the sequence beforehand stands in for the one that the database would take now.
    const overriding = columns.some(({ identity }) => identity) ? " overriding system value" : "";
    const into = `insert into ${tableInfo(repository).name} as t (${columns.map((column) => column.name).join(", ")})${overriding}`;
    return [`${name} as (${into} ${source}${onConflict(step)} returning 1)`];
  };
  if (after.length === 0 && fitsValues(rows.length, columns.length)) {
    const lines = (parameter: NextParameter) => rows.map(() => `(${columns.map(() => parameter()).join(", ")})`).join(", ");
    return countedPart(step, name, { size: rows.length, values: cells }, (parameter) => insert(`values ${lines(parameter)}`));
  }
  const sources = columns.map(asSource("c"));
  const source = orderedRows(sources, cells);
  // Reading from a step is what makes Postgres do it first: the new row may take a unique value that it frees.
  const done = after.map((earlier) => `(select count(*) from ${earlier}) >= 0`);
  const where = done.length > 0 ? ` where ${done.join(" and ")}` : "";
  return countedPart(step, name, source, (parameter) =>
    insert(`select * from (${rowSourceSql(sources, source.size, parameter)}) v${where}`),
  );
}

/** What an upsert does where the row is there already: never to a row of another tenant, which then counts as not written. */
function onConflict({ repository, upsert }: WriteStep): string {
  if (upsert === undefined) return "";
  const nameOf = (key: string) => columnOf(repository, key).name;
  const updated = [...new Set([...upsert.update, ...tableInfo(repository).renewed.map(({ key }) => key)])];
  // Where nothing changes the row is still locked, and counted.
  const set = (updated.length === 0 ? upsert.key : updated).map((key) => `${nameOf(key)} = excluded.${nameOf(key)}`);
  const { tenant, version } = repository;
  if (version !== undefined) set.push(`${nameOf(version)} = t.${nameOf(version)} + 1`);
  const own = tenant === undefined ? "" : ` where t.${nameOf(tenant)} = excluded.${nameOf(tenant)}`;
  return ` on conflict (${upsert.key.map(nameOf).join(", ")}) do update set ${set.join(", ")}${own}`;
}

/** Updates, increments and deletes, which match rows by key: data-modifying CTEs, the last of which has this name. */
function changeRows(step: WriteStep, name: string): WritePart {
  const { repository, rows } = step;
  const ofStep = (keys: readonly string[]) => keys.map((key) => columnOf(repository, key));
  const [keys, guards, set, add] = [ofStep(repository.key), ofStep(step.guard), ofStep(step.set), ofStep(step.add)] as const;
  const cells: SqlText[] = [];
  for (const change of rows) {
    for (const { key, encode } of keys) cells.push(encode(change.key[key]));
    for (const { key, encode } of guards) cells.push(encode(change.guards[key]));
    for (const { key, encode } of set) cells.push(encode(change.values[key]));
    for (const { key } of add) cells.push(String(change.increments[key] ?? 0));
  }
  const sources = [...keys.map(asSource("k")), ...guards.map(asSource("g")), ...set.map(asSource("c")), ...add.map(asSource("a"))];
  const source = matchedRows(sources, cells);
  const ordered = needsOrder(rows);
  const part = countedPart(step, name, source, (parameter) => {
    const table = tableInfo(repository).name;
    const ctes = [`${name}_rows as (${rowSourceSql(sources, source.size, parameter)})`];
    const match = [
      ...keys.map((column, index) => `t.${column.name} = v.k${index}`),
      ...guards.map((column, index) => `t.${column.name} = v.g${index}`),
    ].join(" and ");
    if (ordered) {
      // Nothing has locked these rows yet. An update locks them in whatever order its plan meets them; this does it by key.
      const order = keys.map((column) => `t.${column.name}`).join(", ");
      const strength = step.operation === "delete" ? "update" : "no key update";
      ctes.push(
        `${name}_locked as materialized (select v.* from ${table} t, ${name}_rows v where ${match} order by ${order} for ${strength} of t)`,
      );
    }
    const from = `${name}_${ordered ? "locked" : "rows"} v`;
    const assignments = [
      ...set.map((column, index) => `${column.name} = v.c${index}`),
      ...add.map((column, index) => `${column.name} = t.${column.name} + v.a${index}`),
    ];
    const change =
      step.operation === "delete"
        ? `delete from ${table} t using ${from} where ${match}`
        : `update ${table} t set ${assignments.join(", ")} from ${from} where ${match}`;
    return [...ctes, `${name} as (${change} returning 1)`];
  });
  return ordered ? { ...part, shape: `${part.shape} ordered` } : part;
}

/** A part that checks that as many rows were written as the step has; where the source does not say how many, by a parameter. */
function countedPart(step: WriteStep, name: string, source: RowSource, ctes: (parameter: NextParameter) => readonly string[]): WritePart {
  const { size, values } = source;
  const count = step.rows.length;
  const exact = size === count;
  return {
    shape: `${step.shape} ${size}${exact ? "" : " filled"}`,
    values: exact ? values : [...values, String(count)],
    sql: (parameter) => {
      const written = ctes(parameter);
      const what = isNew(step) ? "a new row was not inserted" : "a row has gone or has changed";
      return {
        ctes: written,
        check: `(select count(*) from ${name}) = ${exact ? count : `${parameter()}::bigint`}`,
        message: quoteLiteral(`${step.repository.name}: ${what}`),
      };
    },
  };
}

function needsOrder(rows: readonly RowChange[]): boolean {
  return rows.length > 1 && rows.some(({ locked }) => !locked);
}

function asSource(prefix: string): (column: ColumnInfo, index: number) => SourceColumn {
  return ({ castType }, index) => ({ alias: `${prefix}${index}`, castType });
}
