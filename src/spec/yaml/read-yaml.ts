import type { Node } from "yaml";
import type { JsonValue, SpecPath } from "../model.js";
import { checkCharacters } from "./check-characters.js";
import type { Cut } from "./cut-faults.js";
import { parseYaml } from "./parse-yaml.js";
import { plainYaml } from "./plain-yaml.js";
import type { TextFault } from "./text-fault.js";
import type { YamlDocument } from "./yaml-document.js";
import { yamlLibrary } from "./yaml-library.js";
import { yamlValue } from "./yaml-value.js";

/** 1 MiB: a thousand times a long spec. */
export const largestFile = 1024 * 1024;

/** Reads one file's bytes or text; whatever is wrong with it is among the document's faults. Never throws. */
export function readYaml(file: string, source: Uint8Array | string): YamlDocument {
  if (source.length > largestFile) {
    return unusable(file, "", { rule: "spec/limits", message: "The file is larger than 1 MiB.", start: 0, end: 0 });
  }
  const encoding = typeof source === "string" ? undefined : foreignEncoding(source);
  if (encoding !== undefined) {
    return unusable(file, "", {
      rule: "spec/syntax",
      message: `The file is written in ${encoding}.`,
      start: 0,
      end: 0,
      help: "Save it as UTF-8.",
    });
  }
  const text = decodeText(source);
  const characters = checkCharacters(text);
  if (characters.length > 0) return { ...unusable(file, text), faults: characters };

  const value = plainYaml(text);
  return value === undefined ? parsed(file, text) : plain(file, text, value);
}

/** UTF-8 without a byte order mark. */
export function decodeText(source: Uint8Array | string): string {
  const decoded = typeof source === "string" ? source : utf8.decode(source);
  return decoded.startsWith("\ufeff") ? decoded.slice(1) : decoded;
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Most files are read for their value only: the nodes are there when a place is asked for. */
function plain(file: string, text: string, value: JsonValue): YamlDocument {
  let document: YamlDocument | undefined;
  const nodes = () => {
    document ??= parsed(file, text);
    return document;
  };
  return {
    file,
    text,
    value,
    canonicalNumbers: true,
    faults: [],
    doubtful: [],
    get root() {
      return nodes().root;
    },
    get aliases() {
      return nodes().aliases;
    },
  };
}

function parsed(file: string, text: string): YamlDocument {
  try {
    return parse(file, text);
  } catch (error) {
    const reason = error instanceof RangeError ? "it is nested too deeply" : String(error);
    return unusable(file, text, { rule: "spec/limits", message: `The file cannot be read: ${reason}.`, start: 0, end: 0 });
  }
}

function parse(file: string, text: string): YamlDocument {
  const { root, faults: parserFaults, cuts } = parseYaml(text);
  if (root === undefined) {
    const faults =
      parserFaults.length > 0 ? parserFaults : [{ rule: "spec/syntax" as const, message: "The file is empty.", start: 0, end: 0 }];
    return { ...unusable(file, text), faults };
  }
  const { value, aliases, faults, doubtful } = yamlValue(root, text);
  // Where nobody knows what the text means, only syntax errors are told.
  if (cuts === undefined) return { file, text, root, aliases, value: undefined, faults: parserFaults, doubtful };
  if (cuts.length === 0) return { file, text, root, aliases, value, faults, doubtful };
  const all = [...parserFaults, ...faults].toSorted((a, b) => a.start - b.start);
  return { file, text, root, aliases, value, faults: all, doubtful: [...doubtful, ...pathsFrom(root, cuts)], cuts };
}

/** The paths of the values that start where something was cut: they only hold its place. */
function pathsFrom(root: Node, cuts: readonly Cut[]): readonly SpecPath[] {
  const { isAlias, isMap, isScalar, isSeq } = yamlLibrary();
  const starts = new Set(cuts.map(({ start }) => start));
  const found: SpecPath[] = [];
  const visit = (node: Node | null, path: SpecPath): void => {
    if (node === null || isAlias(node)) return;
    if (isMap(node))
      for (const { key, value } of node.items) visit(value as Node | null, [...path, isScalar(key) ? String(key.value) : ""]);
    if (isSeq(node)) for (const [index, item] of node.items.entries()) visit(item as Node, [...path, index]);
    if (isScalar(node) && node.range && starts.has(node.range[0]) && node.range[1] > node.range[0]) found.push(path);
  };
  visit(root, []);
  return found;
}

function unusable(file: string, text: string, fault?: TextFault): YamlDocument {
  const faults = fault === undefined ? [] : [fault];
  return { file, text, root: undefined, aliases: new Map(), value: undefined, faults, doubtful: [] };
}

function foreignEncoding(bytes: Uint8Array): string | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0 && second === 0 && third === 0xfe && fourth === 0xff) return "UTF-32";
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return "UTF-16";
  if (bytes.length >= 4 && ((first === 0 && third === 0) || (second === 0 && fourth === 0)) && first !== second) return "UTF-16";
  return undefined;
}
