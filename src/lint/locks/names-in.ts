// Names that an expression reads, found in its text. Typing every expression of every use case would tell the same, and
// cost the analysis, which runs over all of them whenever one has changed, a hundred times as much.
import { createMemo } from "../../spec/memo.js";
import type { Expression } from "../../spec/model.js";

export interface NamesRead {
  /** Whatever stands for itself: loads, `command`, functions, variables of macros. */
  readonly roots: ReadonlySet<string>;
  /** Whatever follows a dot: fields and methods. */
  readonly fields: ReadonlySet<string>;
}

/** Specs say much the same again and again. */
const known = createMemo<NamesRead>(10_000);

export function namesIn({ source }: Expression): NamesRead {
  return known(source, () => read(source));
}

/** What is passed over (texts, comments, numbers), or a name, with the dot before it. */
const token = /'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"|\/\/.*|\d\w*|(\.\??\s*)?([A-Za-z_]\w*)/g;

function read(source: string): NamesRead {
  const roots = new Set<string>();
  const fields = new Set<string>();
  // Not `matchAll`, which makes a new regular expression each time.
  token.lastIndex = 0;
  for (let match = token.exec(source); match !== null; match = token.exec(source)) {
    const [, dot, name] = match;
    if (name !== undefined) (dot === undefined ? roots : fields).add(name);
  }
  return { roots, fields };
}
