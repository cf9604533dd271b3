import type { BoundedCache } from "../bounded-cache.js";
import type { BurstItem, SqlText, Statement } from "../ports.js";
import type { OwnNames } from "./own-names.js";
import { requireFew } from "./parameters.js";
import { namedStatement } from "./statement.js";

/** A part of a write statement: its values, and how to write the SQL that all parts of its shape share. */
export interface WritePart {
  /** Says all that the SQL depends on from call to call of one use case, but for the numbers of the parameters. */
  readonly shape: string;
  /** One for each time that `sql` asks for a parameter, in that order. */
  readonly values: readonly SqlText[];
  /** Called once per shape of a statement. */
  sql(parameter: NextParameter): PartSql;
}

export interface PartSql {
  /** `w0 as (insert …)`, and what it stands on. */
  readonly ctes: readonly string[];
  /** An expression of type boolean: whether it did all that it should. */
  readonly check: string;
  /** A literal: what to say if not. */
  readonly message: string;
}

/** The next parameter of the statement: `$3`. */
export type NextParameter = () => string;

/** All parts as one statement with its values. Statements are kept by their shapes: a call of a known shape writes no SQL. */
export function writeItem(parts: readonly WritePart[], names: OwnNames, statements: BoundedCache<Statement>): BurstItem {
  let shape = "";
  const values: SqlText[] = [];
  for (const part of parts) {
    shape += `${part.shape}\n`;
    // Not by spreading: a part may have more values than a call takes arguments.
    for (const value of part.values) values.push(value);
  }
  requireFew(values.length);
  return [statements.get(shape, () => namedStatement(writeText(parts, names))), values];
}

/**
 * The statement's text. It ends in server-side checks. One that fails raises, so that the COMMIT that is already on its
 * way answers ROLLBACK: a check in the client would come too late.
 */
export function writeText(parts: readonly WritePart[], names: OwnNames): string {
  let count = 0;
  const written = parts.map((part) => part.sql(() => `$${++count}`));
  const checks = [inTransaction, ...written].map(
    ({ check, message }) => `case when ${check} then 1 else ${names.assert}(false, ${message}) end`,
  );
  return `with ${written.flatMap(({ ctes }) => ctes).join(", ")} select ${checks.join(", ")}`;
}

const inTransaction = {
  check: "current_setting('usecase.go', true) = '1'",
  message: "'the write is outside its transaction'",
};
