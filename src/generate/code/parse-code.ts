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
  if (!text.includes(separator)) return [text];
  const parts: string[] = [];
  let start = 0;
  for (const index of positionsOutside(text)) {
    if (index < start || !text.startsWith(separator, index)) continue;
    parts.push(text.slice(start, index));
    start = index + separator.length;
  }
  return [...parts, text.slice(start)];
}

/** Where the `:` is that belongs to the `?` before this text. */
function matchingColon(text: string): number | undefined {
  let open = 0;
  for (const index of positionsOutside(text)) {
    if (text.startsWith(" ? ", index)) open++;
    if (text.startsWith(" : ", index) && open-- === 0) return index;
  }
  return undefined;
}

/** The places in a text that are in no bracket, string or template. */
function* positionsOutside(text: string): Generator<number> {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '"' || character === "'" || character === "`") index = endOfString(text, index);
    else if ("([{".includes(character)) depth++;
    else if (")]}".includes(character)) depth--;
    else if (depth === 0) yield index;
  }
}

function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    if (text.charAt(index) === "\\") index++;
    else if (text.charAt(index) === text.charAt(start)) return index;
  }
  return text.length;
}
