import { type ColumnInfo, columnOf, tableInfo } from "../table-info.js";
import type { WriteStep } from "../writes/plan-writes.js";
import type { RowChange } from "../writes/row-change.js";
import { quoteLiteral } from "./identifier.js";
import type { Parameters } from "./parameters.js";
import { fitsValues, matchedRows, orderedRows, type SourceColumn } from "./row-source.js";

/** A part of the write statement. */
export interface WritePart {
  /** `w0 as (insert …)`, and what it stands on. */
  readonly ctes: readonly string[];
  /** An expression of type boolean: whether it did all that it should. */
  readonly check: string;
  /** A literal: what to say if not. */
  readonly message: string;
}

/** One step as data-modifying CTEs, the last of which has the name `name`; `after` are steps that it must see done. */
export function writeRows(step: WriteStep, name: string, after: readonly string[], parameters: Parameters): WritePart {
  const isNew = step.operation === "insert" || step.operation === "upsert";
  const ctes = isNew ? [insertRows(step, name, after, parameters)] : changeRows(step, name, parameters);
  const what = isNew ? "a new row was not inserted" : "a row has gone or has changed";
  return {
    ctes,
    check: `(select count(*) from ${name}) = ${step.rows.length}`,
    message: quoteLiteral(`${step.repository.name}: ${what}`),
  };
}

function insertRows(step: WriteStep, name: string, after: readonly string[], parameters: Parameters): string {
  const { repository, set, rows } = step;
  const columns = set.map((key) => columnOf(repository, key));
  const end = `${onConflict(step)} returning 1`;
  const texts = rows.map(({ values }) => columns.map((column) => column.encode(values[column.key])));
  // An id that was taken from the sequence beforehand stands in for the one that the database would take now.
  const overriding = columns.some(({ identity }) => identity) ? " overriding system value" : "";
  const into = `insert into ${tableInfo(repository).name} as t (${columns.map((column) => column.name).join(", ")})${overriding}`;
  if (after.length === 0 && fitsValues(rows.length, columns.length)) {
    const lines = texts.map((row) => `(${row.map((text) => parameters.add(text)).join(", ")})`);
    return `${name} as (${into} values ${lines.join(", ")}${end})`;
  }
  const source = orderedRows(parameters, columns.map(asSource("c")), texts);
  // Reading from a step is what makes Postgres do it first: the new row may take a unique value that it frees.
  const done = after.map((earlier) => `(select count(*) from ${earlier}) >= 0`);
  return `${name} as (${into} select * from (${source}) v${done.length > 0 ? ` where ${done.join(" and ")}` : ""}${end})`;
}

/** What an upsert does where the row is there already: never to a row of another tenant, which then counts as not written. */
function onConflict({ repository, upsert }: WriteStep): string {
  if (upsert === undefined) return "";
  const nameOf = (key: string) => columnOf(repository, key).name;
  const renewed = [...tableInfo(repository).columns.values()].filter(({ column }) => column.onUpdateFn !== undefined);
  const updated = [...new Set([...upsert.update, ...renewed.map(({ key }) => key)])];
  // Where nothing changes the row is still locked, and counted.
  const set = (updated.length === 0 ? upsert.key : updated).map((key) => `${nameOf(key)} = excluded.${nameOf(key)}`);
  const { tenant, version } = repository;
  if (version !== undefined) set.push(`${nameOf(version)} = t.${nameOf(version)} + 1`);
  const own = tenant === undefined ? "" : ` where t.${nameOf(tenant)} = excluded.${nameOf(tenant)}`;
  return ` on conflict (${upsert.key.map(nameOf).join(", ")}) do update set ${set.join(", ")}${own}`;
}

/** Updates, increments and deletes: rows that are matched by key. */
function changeRows(step: WriteStep, name: string, parameters: Parameters): readonly string[] {
  const { repository, operation, rows } = step;
  const table = tableInfo(repository).name;
  const keys = repository.key.map((key) => columnOf(repository, key));
  const guards = step.guard.map((key) => columnOf(repository, key));
  const set = step.set.map((key) => columnOf(repository, key));
  const add = step.add.map((key) => columnOf(repository, key));

  const sources: SourceColumn[] = [
    ...keys.map(asSource("k")),
    ...guards.map(asSource("g")),
    ...set.map(asSource("c")),
    ...add.map(asSource("a")),
  ];
  const texts = rows.map((change) => [
    ...keys.map((column) => column.encode(change.key[column.key])),
    ...guards.map((column) => column.encode(change.guards[column.key])),
    ...set.map((column) => column.encode(change.values[column.key])),
    ...add.map((column) => String(change.increments[column.key] ?? 0)),
  ]);
  const ctes = [`${name}_rows as (${matchedRows(parameters, sources, texts)})`];
  const match = [
    ...keys.map((column, index) => `t.${column.name} = v.k${index}`),
    ...guards.map((column, index) => `t.${column.name} = v.g${index}`),
  ].join(" and ");
  const ordered = needsOrder(rows);
  if (ordered) {
    // Nothing has locked these rows yet. An update locks them in whatever order its plan meets them; this does it by key.
    const order = keys.map((column) => `t.${column.name}`).join(", ");
    const strength = operation === "delete" ? "update" : "no key update";
    ctes.push(
      `${name}_locked as materialized (select v.* from ${table} t, ${name}_rows v where ${match} order by ${order} for ${strength} of t)`,
    );
  }
  const from = `${name}_${ordered ? "locked" : "rows"} v`;
  if (operation === "delete") return [...ctes, `${name} as (delete from ${table} t using ${from} where ${match} returning 1)`];
  const assignments = [
    ...set.map((column, index) => `${column.name} = v.c${index}`),
    ...add.map((column, index) => `${column.name} = t.${column.name} + v.a${index}`),
  ];
  return [...ctes, `${name} as (update ${table} t set ${assignments.join(", ")} from ${from} where ${match} returning 1)`];
}

function needsOrder(rows: readonly RowChange[]): boolean {
  return rows.length > 1 && rows.some(({ locked }) => !locked);
}

function asSource(prefix: string): (column: ColumnInfo, index: number) => SourceColumn {
  return ({ castType }, index) => ({ alias: `${prefix}${index}`, castType });
}
