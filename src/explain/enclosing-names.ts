// Generated files are laid out by this package, so their indentation tells what is in what: no need to parse them.

/** A name that a line of generated code stands in, or the position of a list's item. */
export type Enclosing = string | number;

const skipped = /^\s*(\/?\*|\/\/|$)/;
const closer = /^\s*[)\]}]/;

/**
 * What a line (1-based) of generated code stands in, from the outside: `["definition", "state", "source", "where", "sku"]`.
 * A line of a comment stands for the code under it, a closing bracket for the line that opened it.
 */
export function enclosingNames(lines: readonly string[], line: number): readonly Enclosing[] {
  let at = line - 1;
  while (at < lines.length - 1 && skipped.test(lines[at] ?? "")) at++;
  if (closer.test(lines[at] ?? "")) at = opener(lines, at);
  const names: Enclosing[] = [];
  for (let indent = Number.POSITIVE_INFINITY; at >= 0 && indent > 0; at--) {
    const text = lines[at] ?? "";
    const own = indentOf(text);
    if (skipped.test(text) || closer.test(text) || own >= indent) continue;
    const name = nameOf(text) ?? itemOf(lines, at);
    if (name !== undefined) names.unshift(name);
    indent = own;
  }
  return names;
}

function opener(lines: readonly string[], at: number): number {
  const indent = indentOf(lines[at] ?? "");
  for (let above = at - 1; above >= 0; above--)
    if (!skipped.test(lines[above] ?? "") && indentOf(lines[above] ?? "") <= indent && !closer.test(lines[above] ?? "")) return above;
  return at;
}

/** The name that a line declares: of a property, a constant, an interface, a type, a function; of a union's part its code. */
function nameOf(text: string): string | undefined {
  const declared = /^(?:export )?(?:declare )?(?:interface|type|const|function) (\w+)/.exec(text)?.[1];
  if (declared !== undefined) return declared;
  const refusal = /^\s*\| Refusal<"(\w+)"/.exec(text)?.[1];
  if (refusal !== undefined) return refusal;
  const [, quoted, plain] = /^\s*(?:readonly )?(?:"([^"]+)"|(\w+))\??(?:: |\(|<)/.exec(text) ?? [];
  return quoted ?? plain;
}

/** Which item of its list a line begins. */
function itemOf(lines: readonly string[], at: number): number | undefined {
  const indent = indentOf(lines[at] ?? "");
  if (!(lines[at] ?? "").trimStart().startsWith("{")) return undefined;
  let index = 0;
  for (let above = at - 1; above >= 0; above--) {
    const text = lines[above] ?? "";
    if (skipped.test(text)) continue;
    if (indentOf(text) < indent) break;
    if (indentOf(text) === indent && text.trimStart().startsWith("{")) index++;
  }
  return index;
}

const indentOf = (text: string) => text.length - text.trimStart().length;
