import { isMap, isScalar, type Pair, parseDocument } from "yaml";
import { kebabCase, sentence } from "../../spec/names.js";

/** The text of a spec under another name: all of it, its comments too, but for what must not be the same in two use cases. */
export function copySpec(text: string, name: string): string {
  const { contents } = parseDocument(text);
  if (!isMap(contents)) return text;
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = [];
  const replace = (pair: Pair | undefined, by: string) => {
    if (pair !== undefined && isScalar(pair.value) && pair.value.range) {
      const [start, end] = pair.value.range;
      edits.push({ start, end, text: by });
    }
  };
  const pairOf = (map: unknown, key: string) =>
    isMap(map) ? map.items.find((pair) => isScalar(pair.key) && pair.key.value === key) : undefined;
  replace(pairOf(contents, "usecase"), name);
  replace(pairOf(contents, "summary"), sentence(name));
  replace(pairOf(pairOf(contents, "audit")?.value, "action"), kebabCase(name));
  return edits
    .toSorted((a, b) => b.start - a.start)
    .reduce((copy, edit) => copy.slice(0, edit.start) + edit.text + copy.slice(edit.end), text);
}
