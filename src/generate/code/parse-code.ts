import type { Code } from "./code.js";

/**
 * An expression in one line, as a tree that can be broken at its loosest operators: `?:`, then `||`, then `&&`. What is in
 * brackets or quotes stays together.
 */
export function parseCode(text: string): Code {
  if (!/ (?:\?\??|\|\||&&) /.test(text)) return text;
  const question = splitOutside(text, " ? ");
  const [test] = question;
  if (test !== undefined && question.length > 1) {
    const rest = text.slice(test.length + " ? ".length);
    const middle = matchingColon(rest);
    if (middle !== undefined) {
      return {
        kind: "condition",
        test: parseCode(test),
        whenTrue: parseCode(rest.slice(0, middle)),
        whenFalse: parseCode(rest.slice(middle + " : ".length)),
      };
    }
  }
  for (const operator of [" || ", " && ", " ?? "]) {
    const operands = splitOutside(text, operator);
    if (operands.length > 1) return { kind: "operators", operator: operator.trim(), operands: operands.map(parseCode) };
  }
  return text;
}

function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let end = findOutside(text, start, separator); end >= 0; end = findOutside(text, start, separator)) {
    parts.push(text.slice(start, end));
    start = end + separator.length;
  }
  parts.push(text.slice(start));
  return parts;
}

/** Where the `:` is that belongs to the `?` before this text. */
function matchingColon(text: string): number | undefined {
  let open = 0;
  for (let index = findOutside(text, 0, " ? ", " : "); index >= 0; index = findOutside(text, index + 1, " ? ", " : ")) {
    if (text.startsWith(" ? ", index)) open++;
    else if (open-- === 0) return index;
  }
  return undefined;
}

/** The first place from `start` on, itself in no bracket or string, where one of these texts stands in none either. */
function findOutside(text: string, start: number, ...wanted: readonly string[]): number {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '"' || character === "'" || character === "`") index = endOfString(text, index);
    else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (depth === 0 && wanted.some((each) => text.startsWith(each, index))) return index;
  }
  return -1;
}

function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text.charAt(index) === "\\") index++;
    else if (text.charAt(index) === text.charAt(start)) return index;
  }
  return text.length;
}
