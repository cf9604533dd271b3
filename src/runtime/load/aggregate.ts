import { is, type SQL, sql } from "drizzle-orm";
import { PgNumeric } from "drizzle-orm/pg-core";
import type { Aggregate } from "../definition.js";
import type { SqlText } from "../ports.js";
import type { AnyRepository } from "../repository.js";
import { type ColumnInfo, columnOf } from "../table-info.js";

/** One value of an aggregate load. */
export interface Total {
  readonly name: string;
  readonly expression: SQL;
  /** Throws a RangeError for a whole number that a JavaScript number does not hold exactly. */
  decode(text: SqlText): unknown;
}

/** What a load computes instead of finding rows. The sum of nothing is 0; its smallest, largest and mean value are null. */
export function totalsOf(repository: AnyRepository, aggregate: Readonly<Record<string, Aggregate<string>>>): readonly Total[] {
  return Object.entries(aggregate).map(([name, of]): Total => {
    const what = `The aggregate "${name}"`;
    if (of === "count") return { name, expression: sql`count(*)`, decode: (text) => exactNumber(what, text) };
    const [operation = "", key = ""] = Object.entries(of)[0] ?? [];
    const info = columnOf(repository, key);
    const { column, expression, decode } = info;
    switch (operation) {
      case "count":
        return { name, expression: sql`count(${expression})`, decode: (text) => exactNumber(what, text) };
      case "sum":
        return { name, expression: sql`coalesce(sum(${expression}), 0)`, decode: sumDecoder(what, info) };
      case "avg":
        return {
          name,
          expression: sql`avg(${expression})`,
          decode: is(column, PgNumeric) ? decode : (text) => (text === null ? null : Number(text)),
        };
      case "min":
      case "max":
        return { name, expression: sql`${sql.raw(operation)}(${expression})`, decode };
      default:
        throw new Error(`${what} has the unknown function "${operation}"; generate again.`);
    }
  });
}

/** A sum is of a wider type than its column, but of the same kind: the column's own codec reads it. */
function sumDecoder(what: string, { column, castType, decode }: ColumnInfo): Total["decode"] {
  const whole = column.dataType === "number" && /^(?:smallint|integer|bigint)/.test(castType);
  return whole ? (text) => exactNumber(what, text) : decode;
}

function exactNumber(what: string, text: SqlText): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${what} is ${text}: more than a number holds exactly.`);
  return value;
}
