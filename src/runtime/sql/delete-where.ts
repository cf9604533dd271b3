import { sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { type Definition, deletionsOf, type ErasedDeletion, type ErasedScope } from "../internals.js";
import { whereSql } from "../load/conditions.js";
import { tablePlace } from "../load/plan-loads.js";
import type { BurstItem, SqlText } from "../ports.js";
import { columnOf, tableInfo } from "../table-info.js";
import { parameters } from "./parameters.js";
import { namedStatement } from "./statement.js";
import type { WritePart } from "./write-part.js";

/** A delete by condition as a part of the write statement. */
export interface DeletePart extends WritePart {
  readonly deletion: ErasedDeletion;
  readonly cte: string;
  /** SQL for how many rows it was. */
  readonly count: string;
}

/** One that is a statement of its own, before the write statement. */
export interface DeleteItem {
  readonly deletion: ErasedDeletion;
  readonly item: BurstItem;
  /** SQL for how many rows it was, later in the transaction. */
  readonly count: string;
}

const dialect = new PgDialect();

/** Every delete by condition that is part of the write statement, in the global order of tables. */
export function deleteParts(definition: Definition, scope: ErasedScope): readonly DeletePart[] {
  return sortedDeletions(definition, false).map((deletion, index): DeletePart => {
    const cte = `x${index}`;
    const list = parameters();
    return {
      deletion,
      cte,
      shape: deleteCtes(deletion, cte, scope, list.add).join(),
      values: list.texts,
      sql: (parameter) => ({ ctes: deleteCtes(deletion, cte, scope, parameter), check: "true", message: "''" }),
      count: `(select count(*) from ${cte})`,
    };
  });
}

/**
 * Those of tables whose rows the use case also changes otherwise, and all of a use case with `tx`: in one statement
 * each would see the rows as they were before it, and a row that two of them are about would be changed by one alone.
 */
export function deleteItems(definition: Definition, scope: ErasedScope): readonly DeleteItem[] {
  return sortedDeletions(definition, true).map((deletion, index): DeleteItem => {
    const list = parameters();
    const ctes = deleteCtes(deletion, "x", scope, list.add);
    const name = `usecase.deleted_${index}`;
    const text = `with ${ctes.join(", ")} select set_config('${name}', (select count(*) from x)::text, true)`;
    return { deletion, item: [namedStatement(text), list.texts], count: `current_setting('${name}')::bigint` };
  });
}

function sortedDeletions(definition: Definition, apart: boolean): readonly ErasedDeletion[] {
  if (definition.deletes === undefined) return [];
  const { lockOrder = [], tx, writes, transitions = [], state } = definition;
  const place = tablePlace(lockOrder);
  const moved = new Set(transitions.map(({ state: load }) => state[load]?.from.name));
  const changed = new Set(
    Object.values(writes).flatMap(({ into, update, increment, upsert }) => (update || increment || upsert ? [into.name] : [])),
  );
  return deletionsOf(definition)
    .filter(({ from: { name } }) => (tx !== undefined || changed.has(name) || moved.has(name)) === apart)
    .toSorted((a, b) => place(a.from.name, b.from.name));
}

function deleteCtes(deletion: ErasedDeletion, name: string, scope: ErasedScope, parameter: (text: SqlText) => string): readonly string[] {
  const { from: repository, where } = deletion;
  const table = tableInfo(repository).name;
  const condition = whereSql(
    repository,
    where,
    { placeholder: (_source, _type, evaluate) => sql.raw(parameter(evaluate(scope))) },
    (when) => when(scope),
  );
  if (condition === undefined) throw new Error(`${repository.name}: a delete without any condition would take every row.`);
  // Outside its transaction, nothing is deleted.
  const matching = `current_setting('usecase.go', true) = '1' and ${dialect.sqlToQuery(condition).sql}`;
  const keys = repository.key.map((key) => columnOf(repository, key).name);
  const rows = `${name}_rows`;
  // Rows are locked by their keys, as everywhere; a delete alone would lock them in whatever order its plan meets them.
  return keys.length === 0
    ? [`${name} as (delete from ${table} where ${matching} returning 1)`]
    : [
        `${rows} as materialized (select ${keys.join(", ")} from ${table} where ${matching} order by ${keys.join(", ")} for update)`,
        `${name} as (delete from ${table} t using ${rows} v where ${keys.map((key) => `t.${key} = v.${key}`).join(" and ")} returning 1)`,
      ];
}
