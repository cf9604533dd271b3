import type { Column } from "../spec/model.js";

/** Whether the database can add to a column's values. */
export function isNumberColumn({ sqlType }: Column): boolean {
  return /^(smallint|integer|bigint|numeric|decimal|real|double precision|serial|bigserial|smallserial)\b(?!.*\[)/.test(sqlType);
}
