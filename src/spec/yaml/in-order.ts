/**
 * A text whose top-level keys are in another order, each with what belongs to it: its lines, and the comments that stand
 * before it. What heads the file stays at its head, what ends it at its end, and empty lines where they were.
 *
 * @param keys as they are
 * @param wanted the same in the order that they are to have
 * @returns undefined where the text is not written as one key to a line, without indentation
 */
export function inOrder(text: string, keys: readonly string[], wanted: readonly string[]): string | undefined {
  const lines = text.split("\n");
  const starts = keys.map((key) => lines.findIndex((line) => line.startsWith(`${key}:`)));
  const [first] = starts;
  if (first === undefined || starts.some((start, index) => start === -1 || start <= (starts[index - 1] ?? -1))) return undefined;
  // The last line may lack what the others end with.
  if (lines.some((line) => line.endsWith("\r")) && lines.at(-1) !== "") return undefined;

  const ends = starts.map((_start, index) => {
    let end = starts[index + 1] ?? lines.length;
    while (isEmpty(lines[end - 1]) || isComment(lines[end - 1])) end -= 1;
    return end;
  });
  const heads = starts.map((start, index) => {
    let head = index === 0 ? afterHeader(lines, start) : (ends[index - 1] ?? start);
    while (isEmpty(lines[head])) head += 1;
    return head;
  });
  const parts = new Map(keys.map((key, index) => [key, lines.slice(heads[index], ends[index])]));
  return [
    ...lines.slice(0, heads[0]),
    ...wanted.flatMap((key, index) => [...(parts.get(key) ?? []), ...lines.slice(ends[index], heads[index + 1] ?? ends[index])]),
    ...lines.slice(ends.at(-1)),
  ].join("\n");
}

/** The comments that stand right before the first key are about it; all before them are about the file. */
function afterHeader(lines: readonly string[], first: number): number {
  let start = first;
  while (start > 0 && isComment(lines[start - 1]) && !/^#\s*yaml-language-server:/.test(lines[start - 1] ?? "")) start -= 1;
  return start;
}

const isEmpty = (line: string | undefined) => line !== undefined && line.trim() === "";
/** Indented ones belong to what they stand in. */
const isComment = (line: string | undefined) => line?.startsWith("#") === true;
