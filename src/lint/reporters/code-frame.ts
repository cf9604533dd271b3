import type { SourceRange } from "../../spec/finding.js";
import { displayWidth, visible } from "./display-text.js";
import type { Style } from "./style.js";

/** A marked range with what to say under it. */
export interface Label {
  readonly range: SourceRange;
  /** `^` under what is wrong, `-` under what belongs to it. */
  readonly mark: "^" | "-";
  readonly text: string;
  paint(text: string): string;
}

/** Lines longer than this are shown around their label only. */
const widest = 160;
const gutterWidth = 5;

/**
 * The lines of one file that labels are about, one line of context before the first label, each label's marks under
 * its line. A label over several lines is marked on its first.
 */
export function codeFrame(source: string, labels: readonly Label[], style: Style): string[] {
  const lines = source.split(/\r?\n/);
  const sorted = labels.toSorted((a, b) => a.range.line - b.range.line || a.range.column - b.range.column);
  const shown = new Set<number>();
  for (const { range } of sorted) {
    if (range.line > 1 && shown.size === 0) shown.add(range.line - 1);
    if (range.line <= lines.length) shown.add(range.line);
  }
  const output: string[] = [];
  let previous: number | undefined;
  for (const number of shown) {
    if (previous !== undefined && number > previous + 1) output.push(style.dim(`${" ".repeat(gutterWidth)} ⋮`));
    previous = number;
    const text = lines[number - 1] ?? "";
    const ofLine = sorted.filter(({ range }) => range.line === number);
    const from = cropStart(text, ofLine);
    output.push(`${style.dim(`${String(number).padStart(gutterWidth)} |`)}${suffix(crop(text, from))}`);
    for (const label of ofLine) output.push(`${style.dim(`${" ".repeat(gutterWidth)} |`)}${suffix(markLine(text, from, label))}`);
  }
  return output;
}

/** Where a long line's visible part starts, so that its first label is in it. */
function cropStart(text: string, labels: readonly Label[]): number {
  const column = labels[0]?.range.column ?? 1;
  return text.length <= widest || column < widest - 20 ? 0 : column - 40;
}

function crop(text: string, from: number): string {
  const part = text.slice(from, from + widest);
  return `${from > 0 ? "…" : ""}${visible(part).trimEnd()}${from + widest < text.length ? "…" : ""}`;
}

function markLine(text: string, from: number, { range, mark, text: message, paint }: Label): string {
  const start = range.column - 1;
  const end = range.endLine === range.line ? range.endColumn - 1 : text.trimEnd().length;
  const before = displayWidth(text.slice(from, start)) + (from > 0 ? 1 : 0);
  const width = Math.max(1, displayWidth(text.slice(start, Math.min(end, from + widest))));
  return `${" ".repeat(Math.max(0, before))}${paint(`${mark.repeat(width)}${message === "" ? "" : ` ${visible(message)}`}`)}`;
}

/** No trailing space after an empty line's bar. */
const suffix = (text: string) => (text === "" ? "" : ` ${text}`);
