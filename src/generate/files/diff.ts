/** The change from one text to another as a unified diff with three lines of context; empty where they are equal. */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): string {
  if (before === after) return "";
  const lines = changes(split(before ?? ""), split(after ?? ""));
  const header = [`--- ${before === undefined ? "/dev/null" : `a/${path}`}`, `+++ ${after === undefined ? "/dev/null" : `b/${path}`}`];
  return [...header, ...hunks(lines), ""].join("\n");
}

interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
}

const context = 3;

/** A last line without line feed is marked as `diff` does. */
function split(text: string): string[] {
  if (text === "") return [];
  const lines = text.split("\n");
  const last = lines.pop();
  return last === "" || last === undefined ? lines : [...lines, `${last}\n\\ No newline at end of file`];
}

/** Lines that both ends share are set aside; between them, the longest common subsequence. */
function changes(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const same = (lines: readonly string[]): Line[] => lines.map((text) => ({ sign: " ", text }));
  return [
    ...same(before.slice(0, start)),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...same(before.slice(before.length - end)),
  ];
}

/** Over this many comparisons (files rewritten from end to end) everything counts as changed. */
const mostComparisons = 4_000_000;

function middle(before: readonly string[], after: readonly string[]): Line[] {
  const removed = (text: string): Line => ({ sign: "-", text });
  const added = (text: string): Line => ({ sign: "+", text });
  if (before.length * after.length > mostComparisons) return [...before.map(removed), ...after.map(added)];

  // common[i][j]: how many lines the rest of `before` from i and of `after` from j have in common.
  const common = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    const row = common[i];
    for (let j = after.length - 1; row !== undefined && j >= 0; j--) {
      row[j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }

  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const old = before[i];
    const young = after[j];
    if (old !== undefined && old === young) {
      lines.push({ sign: " ", text: old });
      i++;
      j++;
    } else if (old !== undefined && (young === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(removed(old));
      i++;
    } else if (young !== undefined) {
      lines.push(added(young));
      j++;
    }
  }
  return lines;
}

function hunks(lines: readonly Line[]): string[] {
  const shown = new Set<number>();
  for (const [index, { sign }] of lines.entries()) {
    if (sign !== " ") for (let near = index - context; near <= index + context; near++) shown.add(near);
  }
  const output: string[] = [];
  let [before, after] = [1, 1];
  for (let index = 0; index < lines.length; index++) {
    const hunk: Line[] = [];
    for (let each = lines[index]; shown.has(index) && each !== undefined; each = lines[++index]) hunk.push(each);
    const [olds, news] = [hunk.filter(({ sign }) => sign !== "+").length, hunk.filter(({ sign }) => sign !== "-").length];
    if (hunk.length > 0) {
      output.push(`@@ -${range(before, olds)} +${range(after, news)} @@`, ...hunk.map(({ sign, text }) => `${sign}${text}`));
    }
    // The line that ended the hunk (or was not in one) is the same on both sides.
    before += olds + 1;
    after += news + 1;
  }
  return output;
}

function range(start: number, count: number): string {
  return count === 1 ? `${start}` : `${count === 0 ? start - 1 : start},${count}`;
}
