import { sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { type Definition, deletionsOf, type ErasedDeletion, type ErasedScope } from "../internals.js";
import { type ParameterList, whereSql } from "../load/conditions.js";
import { tablePlace } from "../load/plan-loads.js";
import { columnOf, tableInfo } from "../table-info.js";
import type { Parameters } from "./parameters.js";
import type { WritePart } from "./write-rows.js";

/** A delete by condition as a part of the write statement; `cte` says how many rows it was. */
export interface DeletePart extends WritePart {
  readonly deletion: ErasedDeletion;
  readonly cte: string;
}

const dialect = new PgDialect();

/** Every delete by condition of a use case, in the global order of tables. */
export function deleteParts(definition: Definition, scope: ErasedScope, parameters: Parameters): readonly DeletePart[] {
  const place = tablePlace(definition.lockOrder ?? []);
  const sorted = deletionsOf(definition).toSorted((a, b) => place(a.from.name, b.from.name));
  return sorted.map((deletion, index) => deleteWhere(deletion, `x${index}`, scope, parameters));
}

function deleteWhere(deletion: ErasedDeletion, name: string, scope: ErasedScope, parameters: Parameters): DeletePart {
  const { from: repository, where } = deletion;
  const table = tableInfo(repository.table).name;
  const condition = whereSql(repository.table, where, valuesAsParameters(scope, parameters), () => true);
  if (condition === undefined) throw new Error(`${repository.name}: a delete without any condition would take every row.`);
  const { sql: matching } = dialect.sqlToQuery(condition);
  const keys = repository.key.map((key) => columnOf(repository.table, key).name);
  const rows = `${name}_rows`;
  // Rows are locked by their keys, as everywhere; a delete alone would lock them in whatever order its plan meets them.
  const ctes =
    keys.length === 0
      ? [`${name} as (delete from ${table} where ${matching} returning 1)`]
      : [
          `${rows} as materialized (select ${keys.join(", ")} from ${table} where ${matching} order by ${keys.join(", ")} for update)`,
          `${name} as (delete from ${table} t using ${rows} v where ${keys.map((key) => `t.${key} = v.${key}`).join(" and ")} returning 1)`,
        ];
  return { deletion, cte: name, ctes, check: `(select count(*) from ${name}) >= 0`, message: "''" };
}

/** The values of this call: the statement's text is the same for all calls. */
function valuesAsParameters(scope: ErasedScope, parameters: Parameters): ParameterList {
  return { placeholder: (_source, _type, evaluate) => sql.raw(parameters.add(evaluate(scope))) };
}
