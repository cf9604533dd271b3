// Pieces of TypeScript with the precedence of their outermost operator, so that parentheses stand only where they must.

import { stringLiteral } from "../string-literal.js";

export interface Code {
  readonly text: string;
  readonly level: number;
}

/** Precedence in JavaScript, higher binds tighter. */
export const levels = {
  conditional: 2,
  nullish: 3,
  or: 4,
  and: 5,
  equality: 6,
  relation: 7,
  sum: 8,
  product: 9,
  unary: 10,
  primary: 11,
} as const;

export function primary(text: string): Code {
  return { text, level: levels.primary };
}

/** The code's text, in parentheses if it binds less than `level`. */
export function at(code: Code, level: number): string {
  return code.level < level ? `(${code.text})` : code.text;
}

export function binary(left: Code, operator: string, right: Code, level: number): Code {
  return { text: `${at(left, level)} ${operator} ${at(right, level + 1)}`, level };
}

/** `and` and `or` chain without parentheses on either side. */
export function chain(left: Code, operator: "&&" | "||", right: Code): Code {
  const level = operator === "&&" ? levels.and : levels.or;
  return { text: `${at(left, level)} ${operator} ${at(right, level)}`, level };
}

export function conditional(condition: Code, then: Code, otherwise: Code): Code {
  const branch = levels.conditional;
  return {
    text: `${at(condition, levels.nullish)} ? ${at(then, branch)} : ${at(otherwise, branch)}`,
    level: levels.conditional,
  };
}

export function call(name: string, ...operands: readonly Code[]): Code {
  return primary(`${name}(${operands.map(({ text }) => text).join(", ")})`);
}

/** `receiver.name(operands)`. */
export function method(receiver: Code, name: string, ...operands: readonly Code[]): Code {
  return primary(`${memberBase(receiver)}.${name}(${operands.map(({ text }) => text).join(", ")})`);
}

export function property(object: Code, name: string): Code {
  return primary(`${memberBase(object)}${isIdentifier(name) ? `.${name}` : `[${literal(name)}]`}`);
}

/** What stands before a dot: a number needs parentheses there. */
export function memberBase(code: Code): string {
  return /^\d/.test(code.text) ? `(${code.text})` : at(code, levels.primary);
}

/** `(x) => body`; an object literal as body stands in parentheses. */
export function arrow(parameter: string, body: Code): Code {
  return { text: `(${parameter}) => ${asBody(body)}`, level: levels.conditional };
}

/** Code as the body of an arrow function: what begins with `{` would be taken for a block. */
export function asBody(code: Code): string {
  return code.text.startsWith("{") ? `(${code.text})` : code.text;
}

export function negated(operand: Code): Code {
  return { text: `!${at(operand, levels.unary)}`, level: levels.unary };
}

/** The only way for a value of a spec into code. */
export function literal(value: string | number | boolean | null): string {
  return typeof value === "string" ? stringLiteral(value) : JSON.stringify(value);
}

export function isIdentifier(name: string): boolean {
  return /^[A-Za-z_$][\w$]*$/.test(name);
}

/** `{ sku: l.sku, "content-type": x }`; a name that would set the prototype is computed. */
export function objectLiteral(entries: readonly (readonly [name: string, value: Code])[]): Code {
  if (entries.length === 0) return primary("{}");
  const parts = entries.map(([name, value]) => {
    const key = name === "__proto__" ? '["__proto__"]' : isIdentifier(name) ? name : literal(name);
    return value.text === name && isIdentifier(name) ? name : `${key}: ${value.text}`;
  });
  return primary(`{ ${parts.join(", ")} }`);
}
