// Names that an expression reads, found in its text. Typing every expression of every use case would tell the same, and
// cost the analysis, which runs over all of them whenever one has changed, a hundred times as much.
import type { Expression } from "../../spec/model.js";

export interface NamesRead {
  /** Whatever stands for itself: loads, `command`, functions, variables of macros. */
  readonly roots: ReadonlySet<string>;
  /** Whatever follows a dot: fields and methods. */
  readonly fields: ReadonlySet<string>;
}

const known = new Map<string, NamesRead>();

export function namesIn({ source }: Expression): NamesRead {
  const found = known.get(source) ?? read(source);
  known.set(source, found);
  return found;
}

function read(source: string): NamesRead {
  const code = source.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/gs, "''").replace(/\/\/.*$/gm, "");
  const roots = code.matchAll(/(?<!\w|\.\??\s*)[A-Za-z_]\w*/g);
  const fields = code.matchAll(/\.\??\s*([A-Za-z_]\w*)/g);
  return { roots: new Set(Array.from(roots, ([name]) => name)), fields: new Set(Array.from(fields, ([, name = ""]) => name)) };
}
