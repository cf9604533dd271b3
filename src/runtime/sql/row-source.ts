import type { SqlText } from "../ports.js";
import type { NextParameter } from "./write-part.js";

export interface SourceColumn {
  readonly alias: string;
  readonly castType: string;
}

/** Rows of texts as something to select from, with typed columns. */
export interface RowSource {
  /** Rows of a VALUES list, with those of nulls that fill it up; or all of them as one JSON parameter. */
  readonly size: number | "json";
  readonly values: readonly SqlText[];
}

/** Beyond these, rows travel as one JSON parameter: a statement's text should depend on few sizes. */
const valuesLimit = { rows: 1_024, cells: 8_192 };

/**
 * Up to a thousand rows it is a VALUES list, which Postgres plans well; its length is rounded up with rows of nulls, so
 * that there are few different statements. Only for statements that match rows by key: a row of nulls matches nothing.
 *
 * @param cells the rows, one after the other
 */
export function matchedRows(columns: readonly SourceColumn[], cells: readonly SqlText[]): RowSource {
  const rows = cells.length / columns.length;
  const size = paddedSize(rows);
  if (size > valuesLimit.rows || size * columns.length > valuesLimit.cells) return jsonSource(columns, cells);
  const missing = (size - rows) * columns.length;
  return { size, values: missing === 0 ? cells : [...cells, ...Array.from({ length: missing }, () => null)] };
}

/** Rows in their order and number: for inserts. */
export function orderedRows(columns: readonly SourceColumn[], cells: readonly SqlText[]): RowSource {
  const rows = cells.length / columns.length;
  return fitsValues(rows, columns.length) ? { size: rows, values: cells } : jsonSource(columns, cells);
}

/** Inserts are faster as VALUES up to about fifty rows, and as JSON above. */
export function fitsValues(rows: number, columns: number): boolean {
  return rows <= 50 && rows * columns <= 2_048;
}

/** A select from the rows. */
export function rowSourceSql(columns: readonly SourceColumn[], size: RowSource["size"], parameter: NextParameter): string {
  if (size === "json") {
    // Each cell is a text that is cast afterwards: so a json column gets the JSON that the text means, not a JSON string.
    const cells = columns.map(({ alias, castType }) => `s.${alias}::${castType} as ${alias}`);
    const types = columns.map(({ alias }) => `${alias} text`);
    return `select ${cells.join(", ")} from jsonb_to_recordset(${parameter()}::jsonb) s(${types.join(", ")})`;
  }
  const lines = Array.from({ length: size }, (_, row) => {
    const cells = columns.map(({ castType }) => `${parameter()}${row === 0 ? `::${castType}` : ""}`);
    return `(${cells.join(", ")})`;
  });
  return `select * from (values ${lines.join(", ")}) s(${columns.map(({ alias }) => alias).join(", ")})`;
}

function jsonSource(columns: readonly SourceColumn[], cells: readonly SqlText[]): RowSource {
  const objects = Array.from({ length: cells.length / columns.length }, (_, row) =>
    Object.fromEntries(columns.map(({ alias }, position) => [alias, cells[row * columns.length + position] ?? null])),
  );
  return { size: "json", values: [JSON.stringify(objects)] };
}

/** 1, 2, 3, 4, 6, 8, 12, 16, 24, … */
function paddedSize(count: number): number {
  let size = 1;
  while (size < count) size = size < 4 ? size + 1 : Math.log2(size) % 1 === 0 ? size * 1.5 : (size / 3) * 4;
  return size;
}
