import type { SourceRange } from "../../spec/finding.js";
import { displayWidth, graphemes, visible } from "./display-text.js";
import type { Style } from "./style.js";

/** A marked range with what to say under it. */
export interface Label {
  readonly range: SourceRange;
  /** `^` under what is wrong, `-` under what belongs to it. */
  readonly mark: "^" | "-";
  readonly text: string;
  paint(text: string): string;
}

/** Where the output is no terminal. */
const usualRoom = 160;
const leastRoom = 20;
const gutterWidth = 5;

/**
 * The lines of one file that labels are about, one line of context before the first label, each label's marks under
 * its line. A label over several lines is marked on its first. A line that is too long for the terminal (`columns`) is
 * shown around its label.
 */
export function codeFrame(source: string, labels: readonly Label[], style: Style, columns?: number): string[] {
  const lines = source.split(/\r?\n/);
  const room = columns === undefined ? usualRoom : Math.max(leastRoom, columns - gutterWidth - 3);
  const sorted = labels.toSorted((a, b) => a.range.line - b.range.line || a.range.column - b.range.column);
  const shown = new Set<number>();
  for (const { range } of sorted) {
    if (range.line > 1 && shown.size === 0) shown.add(range.line - 1);
    if (range.line <= lines.length) shown.add(range.line);
  }
  const output: string[] = [];
  const bar = style.dim(`${" ".repeat(gutterWidth)} |`);
  let previous: number | undefined;
  for (const number of shown) {
    if (previous !== undefined && number > previous + 1) output.push(style.dim(`${" ".repeat(gutterWidth)} ⋮`));
    previous = number;
    const text = (lines[number - 1] ?? "").trimEnd();
    let left: readonly Label[] = sorted.filter(({ range }) => range.line === number);
    do {
      const part = partAround(text, left[0]?.range.column ?? 1, room);
      const inside = left.filter(({ range }, index) => index === 0 || range.column - 1 + lengthOn(range, text) <= part.to);
      output.push(`${style.dim(`${String(number).padStart(gutterWidth)} |`)}${suffix(shownPart(text, part))}`);
      for (const label of inside) for (const line of markLines(text, part, label, room)) output.push(`${bar} ${line}`);
      left = left.slice(inside.length);
    } while (left.length > 0);
  }
  return output;
}

/** A stretch of a line; offsets into it. */
interface Part {
  readonly from: number;
  readonly to: number;
}

/** As much of a line as there is room for, so that its label is in it, with a quarter of the room before it. */
function partAround(text: string, column: number, room: number): Part {
  if (displayWidth(text) <= room) return { from: 0, to: text.length };
  const start = Math.min(column - 1, text.length);
  if (displayWidth(text.slice(0, start)) + room / 4 < room) return { from: 0, to: fitting(text, 0, room - 1) };
  let from = start;
  while (from > 0 && displayWidth(text.slice(from - 1, start)) <= room / 4) from -= 1;
  // Where the rest of the line is short there is more room before it.
  while (from > 0 && displayWidth(text.slice(from - 1)) <= room - 2) from -= 1;
  // Not from the second half of a character.
  if (/[\udc00-\udfff]/.test(text.charAt(from))) from += 1;
  return { from, to: fitting(text, from, room - 2) };
}

/** Where the characters that fit end. */
function fitting(text: string, from: number, room: number): number {
  let to = from;
  for (const { segment } of graphemes(text.slice(from, from + room))) {
    if (displayWidth(text.slice(from, to + segment.length)) > room) break;
    to += segment.length;
  }
  return to;
}

function shownPart(text: string, { from, to }: Part): string {
  return `${from > 0 ? "…" : ""}${visible(text.slice(from, to)).trimEnd()}${to < text.length ? "…" : ""}`;
}

/** Marks, and what they say behind them; below them where there is no room for that. */
function markLines(text: string, { from, to }: Part, { range, mark, text: message, paint }: Label, room: number): readonly string[] {
  const start = range.column - 1;
  const end = Math.min(range.endLine === range.line ? range.endColumn - 1 : text.length, to);
  const before = displayWidth(text.slice(from, start)) + (from > 0 ? 1 : 0);
  const marks = mark.repeat(Math.max(1, displayWidth(text.slice(start, end))));
  const words = visible(message);
  const indented = (width: number, painted: string) => `${" ".repeat(width)}${paint(painted)}`;
  if (words === "") return [indented(before, marks)];
  if (before + marks.length + 1 + displayWidth(words) <= room) return [indented(before, `${marks} ${words}`)];
  return [indented(before, marks), indented(Math.max(0, Math.min(before, room - displayWidth(words))), words)];
}

/** How many characters of its first line a range has. */
const lengthOn = ({ line, column, endLine, endColumn }: SourceRange, text: string) =>
  Math.max(0, (endLine === line ? endColumn - 1 : text.length) - (column - 1));

/** No trailing space after an empty line's bar. */
const suffix = (text: string) => (text === "" ? "" : ` ${text}`);
