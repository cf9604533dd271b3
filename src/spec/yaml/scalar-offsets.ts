import type { Scalar } from "yaml";

/**
 * Where in the text each character of a scalar's value is written: an array of offsets into the text, one for each
 * UTF-16 unit of the value and one for its end. Undefined where that cannot be told with certainty.
 */
export function scalarOffsets(node: Scalar, text: string): readonly number[] | undefined {
  const { range, type } = node;
  const value = typeof node.value === "string" ? node.value : (node.source ?? undefined);
  if (!range || value === undefined) return undefined;
  const [start, end] = range;
  const written = characters(type, text, start, end, value);
  // The walk below is ours, the value is the parser's: only if both say the same are the places right.
  if (written === undefined || written.map(({ character }) => character).join("") !== value) return undefined;
  const offsets: number[] = [];
  for (const { character, at } of written)
    for (let unit = 0; unit < character.length; unit++) offsets.push(at + (character === text.slice(at, at + character.length) ? unit : 0));
  const last = written.at(-1);
  offsets.push(last === undefined ? start : last.end);
  return offsets;
}

interface Written {
  readonly character: string;
  readonly at: number;
  readonly end: number;
}

function characters(type: Scalar["type"], text: string, start: number, end: number, value: string): Written[] | undefined {
  switch (type) {
    case "QUOTE_DOUBLE":
      return flow(text, start + 1, end - 1, doubleQuotedAt);
    case "QUOTE_SINGLE":
      return flow(text, start + 1, end - 1, singleQuotedAt);
    case "BLOCK_LITERAL":
    case "BLOCK_FOLDED":
      return block(text, start, end, type === "BLOCK_FOLDED", value);
    default:
      return flow(text, start, end, plainAt);
  }
}

/** Reads one character (or an escape) at an offset; undefined for an escaped line break, which has no character. */
type ReadAt = (text: string, at: number) => { readonly character: string; readonly length: number };

const plainAt: ReadAt = (text, at) => ({ character: text.charAt(at), length: 1 });

const singleQuotedAt: ReadAt = (text, at) => ({ character: text.charAt(at), length: text.startsWith("''", at) ? 2 : 1 });

const escapes: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  N: "\u0085",
  _: "\u00a0",
  L: "\u2028",
  P: "\u2029",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
  "\t": "\t",
};
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

const doubleQuotedAt: ReadAt = (text, at) => {
  if (text[at] !== "\\") return { character: text.charAt(at), length: 1 };
  const letter = text.charAt(at + 1);
  const digits = hexDigits[letter];
  if (digits === undefined) return { character: escapes[letter] ?? "", length: 2 };
  const code = Number.parseInt(text.slice(at + 2, at + 2 + digits), 16);
  return { character: code <= 0x10ffff ? String.fromCodePoint(code) : "", length: 2 + digits };
};

/** Plain and quoted scalars: line breaks fold to a space, empty lines to line breaks. */
function flow(text: string, start: number, end: number, readAt: ReadAt): Written[] {
  const written: Written[] = [];
  let at = start;
  while (at < end) {
    const fold = /[ \t]*\r?\n[ \t\r\n]*/y;
    fold.lastIndex = at;
    const blank = fold.exec(text);
    if (blank !== null) {
      const breaks = blank[0].split("\n").length - 1;
      const next = Math.min(at + blank[0].length, end);
      if (breaks === 1) written.push({ character: " ", at, end: next });
      for (let line = 1; line < breaks; line++) written.push({ character: "\n", at, end: next });
      at = next;
      continue;
    }
    if (text[at] === "\\" && readAt === doubleQuotedAt && /^\\\r?\n/.test(text.slice(at, at + 3))) {
      at += (/^\\\r?\n[ \t]*/.exec(text.slice(at, end)) ?? [""])[0].length;
      continue;
    }
    const { character, length } = readAt(text, at);
    written.push({ character, at, end: at + length });
    at += length;
  }
  return written;
}

/**
 * Block scalars: the indentation of the first line that has text is taken from every line. Where the header gives the
 * indentation, counted from the parent's, that line may begin with spaces of its own: as many as in the value.
 */
function block(text: string, start: number, end: number, folded: boolean, value: string): Written[] | undefined {
  const header = /^[|>]([-+]?)([1-9]?)([-+]?)[ \t]*(?:#[^\n]*)?\r?\n?/.exec(text.slice(start, end));
  if (header === null) return undefined;
  const keep = header[1] === "+" || header[3] === "+";
  const strip = header[1] === "-" || header[3] === "-";
  const lines = linesOf(text, start + header[0].length, end);
  const spaces = header[2] === "" ? 0 : indentationOf(value.split("\n"));
  const indent = indentationOf(lines.map(({ content }) => content)) - spaces;
  while (!keep && lines.length > 0 && lines.at(-1)?.content.trim() === "") lines.pop();

  const written: Written[] = [];
  const push = (character: string, at: number, stop: number) => written.push({ character, at, end: stop });
  for (const [index, { at, content, stop }] of lines.entries()) {
    const own = content.slice(indent);
    for (let column = 0; column < own.length; column++) push(own.charAt(column), at + indent + column, at + indent + column + 1);
    const next = lines[index + 1];
    const breakAt = at + content.length;
    if (next === undefined) {
      if (!strip) push("\n", breakAt, stop);
    } else if (!folded) push("\n", breakAt, stop);
    else {
      // A break between two lines of text folds to a space; before an empty or further indented line it stays.
      const text1 = own.trim() !== "" && !/^[ \t]/.test(own);
      const nextOwn = next.content.slice(indent);
      if (text1 && nextOwn.trim() !== "" && !/^[ \t]/.test(nextOwn)) push(" ", breakAt, stop);
      else if (!(text1 && nextOwn.trim() === "")) push("\n", breakAt, stop);
      else {
        const after = lines.slice(index + 1).find(({ content: later }) => later.trim() !== "");
        if (after !== undefined && /^[ \t]/.test(after.content.slice(indent))) push("\n", breakAt, stop);
      }
    }
  }
  return written;
}

const indentationOf = (lines: readonly string[]) => lines.find((line) => line.trim() !== "")?.search(/\S/) ?? 0;

function linesOf(text: string, start: number, end: number): { at: number; content: string; stop: number }[] {
  const lines: { at: number; content: string; stop: number }[] = [];
  let at = start;
  while (at < end) {
    const newline = text.indexOf("\n", at);
    const stop = newline === -1 || newline >= end ? end : newline + 1;
    const content = text.slice(at, stop).replace(/\r?\n$/, "");
    lines.push({ at, content, stop });
    at = stop;
  }
  return lines;
}
