import type { SqlText } from "../ports.js";
import type { Parameters } from "./parameters.js";

export interface SourceColumn {
  readonly alias: string;
  readonly castType: string;
}

/** Beyond these, rows travel as one JSON parameter: a statement's text should depend on few sizes. */
const valuesLimit = { rows: 1_024, cells: 8_192 };

/**
 * Rows of texts as something to select from, with typed columns. Up to a thousand rows it is a VALUES list, which
 * Postgres plans well; its length is rounded up with rows of nulls, so that there are few different statements. Only
 * for statements that match rows by key: a row of nulls matches nothing.
 */
export function matchedRows(parameters: Parameters, columns: readonly SourceColumn[], rows: readonly (readonly SqlText[])[]): string {
  const size = paddedSize(rows.length);
  if (size > valuesLimit.rows || size * columns.length > valuesLimit.cells) return jsonRows(parameters, columns, rows);
  const padding = Array.from({ length: size - rows.length }, () => columns.map(() => null));
  return valuesRows(parameters, columns, [...rows, ...padding]);
}

/** Rows in their order and number: for inserts. */
export function orderedRows(parameters: Parameters, columns: readonly SourceColumn[], rows: readonly (readonly SqlText[])[]): string {
  return fitsValues(rows.length, columns.length) ? valuesRows(parameters, columns, rows) : jsonRows(parameters, columns, rows);
}

/** Inserts are faster as VALUES up to about fifty rows, and as JSON above. */
export function fitsValues(rows: number, columns: number): boolean {
  return rows <= 50 && rows * columns <= 2_048;
}

function valuesRows(parameters: Parameters, columns: readonly SourceColumn[], rows: readonly (readonly SqlText[])[]): string {
  const lines = rows.map((row, index) => {
    const cells = row.map((text, position) => `${parameters.add(text)}${index === 0 ? `::${columns[position]?.castType}` : ""}`);
    return `(${cells.join(", ")})`;
  });
  return `select * from (values ${lines.join(", ")}) s(${columns.map(({ alias }) => alias).join(", ")})`;
}

/** Each cell is a text that is cast afterwards: so a json column gets the JSON that the text means, not a JSON string. */
function jsonRows(parameters: Parameters, columns: readonly SourceColumn[], rows: readonly (readonly SqlText[])[]): string {
  const objects = rows.map((row) => Object.fromEntries(columns.map(({ alias }, position) => [alias, row[position] ?? null])));
  const cells = columns.map(({ alias, castType }) => `s.${alias}::${castType} as ${alias}`);
  const types = columns.map(({ alias }) => `${alias} text`);
  return `select ${cells.join(", ")} from jsonb_to_recordset(${parameters.add(JSON.stringify(objects))}::jsonb) s(${types.join(", ")})`;
}

/** 1, 2, 3, 4, 6, 8, 12, 16, 24, … */
function paddedSize(count: number): number {
  let size = 1;
  while (size < count) size = size < 4 ? size + 1 : Math.log2(size) % 1 === 0 ? size * 1.5 : (size / 3) * 4;
  return size;
}
