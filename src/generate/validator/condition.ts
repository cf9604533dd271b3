import type { Code } from "../code/code.js";

/**
 * A condition as ajv writes it (each operand of `&&` and `||` in parentheses) as code without the parentheses that say
 * nothing. Undefined where it is of another form.
 */
export function conditionCode(text: string): Code {
  const parts = outer(text);
  for (const operator of ["||", "&&"] as const) {
    const operands = splitAt(text, parts, ` ${operator} `);
    if (operands.length > 1)
      return { kind: "operators", operator, operands: operands.flatMap((operand) => sameOperands(operand, operator)) };
  }
  if (isWrapped(text)) return conditionCode(text.slice(1, -1));
  if (text.startsWith("!") && isWrapped(text.slice(1))) {
    const inner = conditionCode(text.slice(2, -1));
    if (typeof inner !== "string") return { kind: "not", operand: inner };
    return /^[\w.]+(\(.*\))?$/.test(inner) && isCall(inner) ? `!${inner}` : `!(${inner})`;
  }
  return text;
}

/** `(a || b) || c` is `a || b || c`. */
function sameOperands(text: string, operator: "||" | "&&"): readonly Code[] {
  const code = conditionCode(text);
  return typeof code !== "string" && code.kind === "operators" && code.operator === operator ? code.operands : [code];
}

/** Which characters are in no bracket and no string. */
function outer(text: string): readonly boolean[] {
  let depth = 0;
  let quoted = false;
  return [...text].map((character, index) => {
    if (character === '"' && !escaped(text, index)) quoted = !quoted;
    if (!quoted && "([{".includes(character)) depth++;
    if (!quoted && ")]}".includes(character)) depth--;
    return depth === 0 && !quoted;
  });
}

function escaped(text: string, index: number): boolean {
  let slashes = 0;
  while (text.charAt(index - 1 - slashes) === "\\") slashes++;
  return slashes % 2 === 1;
}

function splitAt(text: string, isOuter: readonly boolean[], separator: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (!isOuter[index] || !text.startsWith(separator, index)) continue;
    parts.push(text.slice(start, index));
    start = index + separator.length;
  }
  return [...parts, text.slice(start)];
}

/** Does one pair of parentheses hold all of it? */
function isWrapped(text: string): boolean {
  return text.startsWith("(") && outer(text).indexOf(true) === text.length - 1;
}

/** A name, or one call. */
function isCall(text: string): boolean {
  const open = text.indexOf("(");
  return open < 0 || isWrapped(text.slice(open));
}
