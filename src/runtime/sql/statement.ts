import { is, Param, Placeholder, type SQL } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import { driverText } from "../codec/column-codec.js";
import { sha256 } from "../hash.js";
import type { SqlText, Statement } from "../ports.js";

/** A statement whose parameters have names. */
export interface CompiledStatement {
  readonly statement: Statement;
  /** In the order of `$1`, `$2`, …: a placeholder's name, or a text that is always the same. */
  readonly parameters: readonly ({ readonly name: string } | { readonly text: SqlText })[];
}

const dialect = new PgDialect();

/**
 * Turns a Drizzle query into text, once. Drizzle numbers every mention of a placeholder anew; here one placeholder is
 * one parameter, which keeps messages small.
 */
export function compileStatement(query: SQL): CompiledStatement {
  const written = dialect.sqlToQuery(query);
  const parameters: ({ readonly name: string } | { readonly text: SqlText })[] = [];
  const positions = new Map<string, number>();
  const renumbered = written.params.map((parameter) => {
    const name = placeholderName(parameter);
    const known = name === undefined ? undefined : positions.get(name);
    if (known !== undefined) return known;
    parameters.push(name === undefined ? { text: driverText(parameter) } : { name });
    if (name !== undefined) positions.set(name, parameters.length);
    return parameters.length;
  });
  // Quoted names and literals are stepped over: only a bare $n is a parameter.
  const text = written.sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\d+)/g, (found, number: string | undefined) =>
    number === undefined ? found : `$${renumbered[Number(number) - 1]}`,
  );
  return { statement: namedStatement(text), parameters };
}

/** Named by its text: the same text is the same prepared statement, whoever made it. */
export function namedStatement(text: string): Statement {
  return { name: `usecase_${sha256(text).slice(0, 24)}`, text };
}

function placeholderName(parameter: unknown): string | undefined {
  if (is(parameter, Placeholder)) return parameter.name;
  return is(parameter, Param) && is(parameter.value, Placeholder) ? parameter.value.name : undefined;
}
