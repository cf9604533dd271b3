// `# usecase-lint-disable-next-line state/unused, lock/write-without-lock -- the nightly job is the only writer`
//
// stands on a line of its own and is about the next line that is not a comment.

export interface Suppression {
  readonly file: string;
  /** Where the comment is; 1-based. */
  readonly line: number;
  /** The line that it is about. */
  readonly target: number;
  readonly rules: readonly { readonly id: string; readonly column: number }[];
  readonly reason: string;
  readonly column: number;
  readonly endColumn: number;
}

const comment = /^(\s*)(#\s*usecase-lint-disable-next-line(?=\s|$)\s*)(.*?)\s*$/;

/** The suppressions in the text of one file. */
export function readSuppressions(file: string, text: string): readonly Suppression[] {
  if (!text.includes("usecase-lint-disable-next-line")) return [];
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, index): Suppression[] => {
    const match = comment.exec(line);
    if (match === null) return [];
    const [, indent = "", opening = "", rest = ""] = match;
    const separator = /(?:^|\s)--(?=\s|$)/.exec(rest);
    const list = rest.slice(0, separator?.index);
    const reason = separator === null ? "" : rest.slice(separator.index + separator[0].length).trim();
    const rules = [...list.matchAll(/[^\s,]+/g)].map((found) => ({
      id: found[0],
      column: indent.length + opening.length + found.index + 1,
    }));
    const next = lines.findIndex((candidate, at) => at > index && candidate.trim() !== "" && !candidate.trimStart().startsWith("#"));
    return [
      {
        file,
        line: index + 1,
        target: next === -1 ? index + 2 : next + 1,
        rules,
        reason,
        column: indent.length + 1,
        endColumn: line.trimEnd().length + 1,
      },
    ];
  });
}
