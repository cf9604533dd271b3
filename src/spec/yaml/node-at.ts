import type { Node } from "yaml";
import type { SpecPath } from "../model.js";
import type { YamlDocument } from "./yaml-document.js";
import { yamlLibrary } from "./yaml-library.js";

export interface NodeAt {
  /** The key of the last step, where that is a mapping's. */
  readonly key: Node | undefined;
  readonly value: Node | undefined;
  /** False where only a parent of the path exists: that is then what `key` and `value` are. */
  readonly found: boolean;
}

/** The nodes at a path, through aliases; the nearest existing parent where the path does not exist. */
export function nodeAt(document: YamlDocument, path: SpecPath): NodeAt {
  const { isMap, isScalar, isSeq } = yamlLibrary();
  let value = document.root;
  let key: Node | undefined;
  for (const step of path) {
    const holder = value === undefined ? undefined : (document.aliases.get(value) ?? value);
    if (isMap(holder)) {
      const pair = holder.items.find(({ key: name }) => isScalar(name) && String(name.value) === String(step));
      if (pair === undefined) return { key, value, found: false };
      key = pair.key as Node;
      value = (pair.value as Node | null) ?? undefined;
    } else if (isSeq(holder) && typeof step === "number") {
      if (step >= holder.items.length) return { key, value, found: false };
      key = undefined;
      value = holder.items[step] as Node;
    } else return { key, value, found: false };
  }
  return { key, value, found: true };
}
