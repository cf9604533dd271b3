import type { TextEdit } from "../finding.js";

/** As a YAML text in double quotes. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** Puts a value that starts at an offset into quotes. */
export function quotingEdit(value: string, start: number): TextEdit {
  return { start, end: start + value.length, text: quoted(value) };
}

/** Operators and calls: nobody writes them in a sentence. */
export function looksLikeExpression(value: string): boolean {
  return /[=!<>]=|&&|\|\||^!|\w\(|\s\?\s.*\s:\s|\s[-+*/<>]\s/.test(value) && balanced(value);
}

/** Whether every bracket and quote is closed: nothing was cut off. */
function balanced(value: string): boolean {
  const open: string[] = [];
  const closing: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
  for (const [token] of value.matchAll(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|['"()[\]{}]/g)) {
    if (token === "'" || token === '"') return false;
    if ("([{".includes(token)) open.push(token);
    else if (closing[token] !== undefined && open.pop() !== closing[token]) return false;
  }
  return open.length === 0;
}

/**
 * What was probably meant as the value that starts here: the rest of the line without a comment; inside { } or [ ] up to
 * the comma or bracket that ends it, brackets of calls and lists left together.
 */
export function meantValue(text: string, start: number, inFlow: boolean): string {
  const newline = text.indexOf("\n", start);
  const line = text.slice(start, newline === -1 ? text.length : newline).replace(/\s+#.*$/, "");
  return (inFlow ? line.slice(0, flowEnd(line)) : line).trim();
}

function flowEnd(line: string): number {
  const open: string[] = [];
  for (let at = 0; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === "'" || character === '"') {
      const closing = line.indexOf(character, at + 1);
      if (closing === -1) return line.length;
      at = closing;
    } else if ("([{".includes(character)) open.push(character);
    else if (")]}".includes(character)) {
      if (open.pop() === undefined) return at;
    } else if (character === "," && open.length === 0) return at;
  }
  return line.length;
}

/** The value on the line of `offset` that an unquoted text or expression was cut from; undefined where there is none. */
export function valueAround(text: string, offset: number): { readonly value: string; readonly start: number } | undefined {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const before = text.slice(lineStart, offset);
  const newline = text.indexOf("\n", offset);
  const line = text.slice(lineStart, newline === -1 ? text.length : newline);
  const block = /^\s*(?:- )*[\w.$?]+:\s+(?=\S)/.exec(line);
  const inFlow = block === null || /^[{[]/.test(line.slice(block[0].length));
  const start = inFlow ? [...before.matchAll(/[{[,\s][\w.$?]+:\s+(?=\S)/g)].at(-1) : block;
  if (start === undefined || start === null) return undefined;
  const valueStart = lineStart + (start.index ?? 0) + start[0].length;
  const value = meantValue(text, valueStart, inFlow);
  return value === "" || value.length > 200 || /^["|]/.test(value) ? undefined : { value, start: valueStart };
}
