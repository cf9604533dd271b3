import type { TextFault } from "./text-fault.js";

/** A stretch of the text that is left out because nobody knows what it means; offsets, whole lines or one value. */
export interface Cut {
  readonly start: number;
  readonly end: number;
}

/** What is left of a text: where nothing is wrong any more, the faults are those that were cut out. */
export interface Remainder<Root> {
  readonly root: Root;
  readonly faults: readonly TextFault[];
  readonly cuts: readonly Cut[];
}

interface Reading<Root> {
  readonly root: Root;
  readonly faults: readonly TextFault[];
}

const mostCuts = 5;
/** Ways to cut out one fault: from its own line to the section that it is in. */
const mostWays = 8;

/**
 * Leaves out the smallest entries that make a text readable: the line with the mistake and what is indented below it, or
 * the entry around that, up to the section. What a mistake makes of the lines after it is then no finding of its own, and
 * what is sound can be checked in the same run.
 *
 * @returns undefined where that does not help within a few cuts
 */
export function cutFaults<Root>(
  text: string,
  first: Reading<Root>,
  parse: (readable: string) => Reading<Root>,
): Remainder<Root> | undefined {
  const told: TextFault[] = [];
  const cuts: Cut[] = [];
  let readable = text;
  let reading = first;
  while (reading.faults.length > 0) {
    const fault = earliest(reading.faults);
    if (cuts.length === mostCuts || fault.rule === "spec/limits") return undefined;
    let best: { readonly cut: Cut; readonly readable: string; readonly reading: Reading<Root>; readonly next: number } | undefined;
    for (const cut of waysToCut(readable, fault.start)) {
      const shorter = blanked(readable, cut);
      const candidate = parse(shorter);
      const next = candidate.faults.length === 0 ? Number.POSITIVE_INFINITY : earliest(candidate.faults).start;
      if (next > Math.max(fault.start, best?.next ?? 0) && next >= cut.end) best = { cut, readable: shorter, reading: candidate, next };
      if (next === Number.POSITIVE_INFINITY) break;
    }
    if (best === undefined) return undefined;
    told.push(fault);
    cuts.push(best.cut);
    ({ readable, reading } = best);
  }
  return { root: reading.root, faults: told, cuts };
}

function earliest(faults: readonly TextFault[]): TextFault {
  return faults.reduce((first, fault) => (fault.start < first.start ? fault : first));
}

/** Entries around an offset, the smallest first: that of its line or of the line before, and those that hold them. */
function waysToCut(text: string, offset: number): readonly Cut[] {
  const lines = linesOf(text);
  const at = lines.findLastIndex(({ start }) => start <= offset);
  const before = lines.findLastIndex((line, index) => index < at && line.indent !== undefined);
  const heads = [...holders(lines, at), ...holders(lines, before)];
  return [...new Set(heads)]
    .map((head) => entryFrom(lines, head))
    .toSorted((a, b) => a.end - a.start - (b.end - b.start))
    .slice(0, mostWays);
}

interface Line extends Cut {
  /** Undefined where there is nothing on it, or a comment only. */
  readonly indent: number | undefined;
}

function linesOf(text: string): readonly Line[] {
  let start = 0;
  return text.split("\n").map((line) => {
    const indent = /^\s*(?:#|$)/.test(line) ? undefined : line.search(/\S/);
    const here = { start, end: start + line.length, indent };
    start += line.length + 1;
    return here;
  });
}

/** A line, and each line above it that is indented less than the one before. */
function holders(lines: readonly { readonly indent: number | undefined }[], from: number): readonly number[] {
  const found: number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let index = from; index >= 0 && least > 0; index--) {
    const indent = lines[index]?.indent;
    if (indent === undefined || indent >= least) continue;
    found.push(index);
    least = indent;
  }
  return found;
}

function entryFrom(lines: readonly Line[], head: number): Cut {
  const indent = lines[head]?.indent ?? 0;
  const next = lines.findIndex((line, index) => index > head && line.indent !== undefined && line.indent <= indent);
  const last = lines[next === -1 ? lines.length - 1 : next - 1];
  return { start: lines[head]?.start ?? 0, end: last?.end ?? 0 };
}

function blanked(text: string, { start, end }: Cut): string {
  return text.slice(0, start) + text.slice(start, end).replace(/[^\r\n]/g, " ") + text.slice(end);
}

/** The names around and in a cut of whole lines. */
export interface CutNames {
  /** The keys that hold it, outermost first; an item of a list has none. */
  readonly holders: readonly string[];
  /** The keys of what was cut. */
  readonly own: readonly string[];
  /** The keys directly below those. */
  readonly inner: readonly string[];
}

/** Of the cuts of whole lines: a value that was cut has left its key. */
export function namesInCuts({ text, cuts = [] }: { readonly text: string; readonly cuts?: readonly Cut[] }): readonly CutNames[] {
  if (cuts.length === 0) return [];
  const lines = linesOf(text);
  return cuts.flatMap((cut) => {
    const head = lines.findIndex(({ start }) => start === cut.start);
    return head === -1 ? [] : [namesIn(text, lines, head, cut)];
  });
}

function namesIn(text: string, lines: readonly Line[], head: number, cut: Cut): CutNames {
  const keyOf = (line: Line | undefined): string | undefined =>
    /^\s*["']?([\w-]+)\??["']?\s*:/.exec(text.slice(line?.start, line?.end))?.[1];
  const inside = lines.filter(({ start, indent }) => start >= cut.start && start < cut.end && indent !== undefined);
  const [outer, inner] = [...new Set(inside.map(({ indent = 0 }) => indent))].sort((a, b) => a - b);
  const keys = (indent: number | undefined) => inside.filter((line) => line.indent === indent).flatMap((line) => keyOf(line) ?? []);
  const flow = Array.from(text.slice(cut.start, cut.end).matchAll(/[{,]\s*([A-Za-z_]\w*)\??\s*:/g), ([, name = ""]) => name);
  return {
    holders: holders(lines, head)
      .slice(1)
      .flatMap((line) => keyOf(lines[line]) ?? [])
      .reverse(),
    own: keys(outer),
    inner: inner === undefined ? flow : keys(inner),
  };
}
