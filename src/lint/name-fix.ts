import type { Problem, TextEdit } from "../spec/finding.js";
import type { SourceMap } from "../spec/source-map.js";
import { nearest } from "../spec/suggest.js";

/** Rules about names that must be those of something else: a misspelt one has no other meaning. */
const aboutReferences: ReadonlySet<string> = new Set([
  "error/unknown-constraint",
  "expression/type",
  "policy/details",
  "policy/unknown-error",
  "spec/schema",
  "spec/unknown-reference",
  "state/const-value",
  "state/key-by",
  "transition/unknown",
  "write/unknown-column",
]);

const name = /^[A-Za-z_$][\w.$-]*\??(?: [\w.$-]+)*$/;
const word = /^(?:null|true|false)$/i;

/** Replaces a misspelt name, where only one other is near. */
export function nameFix({ ruleId, place, suggestions = [] }: Problem, sources: SourceMap): TextEdit | undefined {
  const [meant] = suggestions;
  if (meant === undefined || suggestions.length > 1 || !aboutReferences.has(ruleId) || !name.test(meant) || word.test(meant))
    return undefined;
  const text = sources.text(place.file);
  const range = sources.offsets(place);
  if (text === undefined || range === undefined) return undefined;
  let [start, end] = range;
  if (/^(["']).*\1$/.test(text.slice(start, end))) [start, end] = [start + 1, end - 1];
  const written = text.slice(start, end);
  return name.test(written) && nearest(written, [meant]).length > 0 ? { start, end, text: meant } : undefined;
}
