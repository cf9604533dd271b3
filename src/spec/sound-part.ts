import type { JsonValue, SpecPath } from "./model.js";
import { camelCase } from "./names.js";
import type { ReadSpec } from "./read-spec.js";
import { checkStructure } from "./structure/check-structure.js";
import { mostFaults } from "./structure/explain-errors.js";
import type { StructureFault } from "./structure/structure-fault.js";
import { type CutNames, namesInCuts } from "./yaml/cut-faults.js";
import type { YamlDocument } from "./yaml/yaml-document.js";

/** What is left of a file with mistakes. */
export interface SoundPart {
  /** As the language says; what is left out of a list is undefined there, so that paths stay as they are. */
  readonly document: YamlDocument;
  /** Whether an entry speaks of something that was left out: then nobody can say whether it is right. */
  isDoubtful(path: SpecPath): boolean;
}

type Mapping = Record<string, JsonValue | undefined>;
type Holed = JsonValue | undefined | (JsonValue | undefined)[] | Mapping;

/** What others know of an entry of these sections: the keys that change it. Elsewhere nothing has a name that others use. */
const typing: Readonly<Record<string, readonly string[]>> = {
  command: ["type", "enum", "items", "fields", "nullable"],
  result: ["type", "enum", "items", "fields", "nullable", "from"],
  prepare: ["fields"],
  state: ["table", "cardinality", "aggregate", "keyBy", "columns", "when", "sequence", "advisoryLock"],
  errors: ["details"],
  events: ["payload"],
  jobs: ["payload"],
};

const mostRounds = 10;

/**
 * A use case without what is wrong in it: of each mistake the smallest part without which the rest is of the language.
 * @returns undefined where nothing is left that could be checked
 */
export function soundPart({ document, damage, faults }: ReadSpec): SoundPart | undefined {
  if (typeof document.value !== "object" || document.value === null || Array.isArray(document.value)) return undefined;
  // Nobody knows how many more there are.
  if (faults.length === mostFaults) return undefined;
  const root = copyOf(document.value) as Mapping;
  const names = new Set<string>();
  for (const name of namesInCuts(document).flatMap(cutNames)) names.add(name);

  const remove = (path: SpecPath, fault?: StructureFault): boolean => {
    for (const name of namesOf(root, path, fault)) names.add(name);
    if (path.length === 0) return fillIn(root, fault?.missing);
    return removeAt(root, path);
  };
  for (const path of damage) if (path.length > 0 && !faults.some((fault) => fault.path === path)) remove(path);
  for (const fault of faults) remove(fault.path, fault);
  for (let round = 0; ; round++) {
    const left = checkStructure("usecase", compact(root) as JsonValue);
    if (left.length === 0) break;
    const removed = left.map((fault) => remove(holedPath(root, fault.path), fault));
    if (round === mostRounds || !removed.includes(true)) return undefined;
  }
  // Any name could be that of a load or an error.
  if (["state", "errors"].some((section) => names.has(section))) return undefined;
  const doubtful = [...names].map((name) => new RegExp(`\\b${name.replace(/\W/g, "\\$&")}\\b`));
  return {
    document: { ...document, value: root as JsonValue },
    isDoubtful(path) {
      const value = path.reduce<Holed>(below, root as Holed);
      // What a policy says of its error depends on what that declares.
      const judged = typeof value === "string" && path[0] !== "policies" ? value : path.slice(0, 2).reduce<Holed>(below, root as Holed);
      const text = JSON.stringify(judged) ?? "";
      return doubtful.some((name) => name.test(text));
    },
  };
}

/** Of a whole section its word and its entries; of an entry its name, if what is wrong with it changes what others know. */
function namesOf(root: Mapping, path: SpecPath, fault: StructureFault | undefined): readonly string[] {
  const [section, entry, key] = path;
  if (section === undefined) return (fault?.missing ?? []).filter((name) => name in typing && name !== "errors" && name !== "state");
  const alike = fault?.suggestions ?? [];
  if (entry === undefined) {
    const meant = alike.filter((name) => name in typing);
    const known = String(section) in typing || meant.length > 0;
    const value = root[String(section)];
    const listed = keysOf(value);
    // Where the entries' names are known, those of the whole section need not be doubted.
    return known ? [...(listed.length > 0 ? [] : [String(section), ...meant]), ...listed, ...sectionWord(meant[0] ?? String(section))] : [];
  }
  const keys = typing[String(section)];
  if (keys === undefined) return [];
  if (typeof entry === "number") return keysOf(below(root[String(section)] as Holed, entry));
  const keyNames = [key, ...(path.length === 3 ? alike : []), ...(fault?.missing ?? [])].filter((name) => name !== undefined);
  if (key !== undefined && !keyNames.some((name) => keys.includes(String(name)))) return [];
  const name = entry.replace(/\?$/, "");
  const own = [name, camelCase(name), ...(path.length === 2 ? alike : [])];
  if (key === "payload") return [...own, "payload", ...(path[3] === undefined ? [] : [String(path[3]).replace(/\?$/, "")])];
  return /^\w+$/.test(name) ? own : [...own, ...sectionWord(String(section))];
}

/** The word by which expressions reach a section's entries. */
const sectionWord = (section: string): readonly string[] => (["command", "result", "prepare"].includes(section) ? [section] : []);

function cutNames({ holders: [section, entry], own, inner }: CutNames): readonly string[] {
  if (section === undefined)
    return own.flatMap((name) => (name in typing ? [...inner, ...(inner.length === 0 ? [name] : sectionWord(name))] : []));
  if (entry === undefined) return section in typing ? [...own, ...(own.length === 0 ? sectionWord(section) : [])] : [];
  return own.length === 0 || own.some((key) => typing[section]?.includes(key)) ? [entry, ...own] : [];
}

function keysOf(value: Holed): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap((item) => keysOf(item));
  return typeof value === "object" && value !== null ? Object.keys(value).map((key) => key.replace(/\?$/, "")) : [];
}

/** What every use case has, and this one lacks. */
function fillIn(root: Mapping, missing: readonly string[] | undefined): boolean {
  const stand: Mapping = { usecase: "Unnamed", summary: "?", command: {}, result: {} };
  const lacking = (missing ?? []).filter((key) => key in stand);
  for (const key of lacking) root[key] = stand[key];
  return lacking.length > 0;
}

function removeAt(root: Mapping, path: SpecPath): boolean {
  const holder = path.slice(0, -1).reduce<Holed>(below, root as Holed);
  const step = path.at(-1) ?? "";
  if (Array.isArray(holder) && typeof step === "number") {
    if (holder[step] === undefined) return false;
    (holder as (JsonValue | undefined)[])[step] = undefined;
    return true;
  }
  if (typeof holder !== "object" || holder === null || !(step in holder)) return false;
  delete (holder as Mapping)[step];
  return true;
}

function below(value: Holed, step: string | number): Holed {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string | number, Holed>>)[step] : undefined;
}

/** Mappings keep their lack of a prototype. */
function copyOf(value: JsonValue | undefined): Holed {
  if (Array.isArray(value)) return value.map((item: JsonValue) => copyOf(item)) as JsonValue[];
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.create(null) as Mapping;
  for (const [key, item] of Object.entries(value)) copy[key] = copyOf(item as JsonValue) as JsonValue;
  return copy;
}

/** Without the holes. */
function compact(value: Holed): Holed {
  if (Array.isArray(value)) return value.filter((item) => item !== undefined).map((item) => compact(item)) as JsonValue[];
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, compact(item as Holed)])) as Mapping;
}

/** A path in the compact value as one in the value with holes. */
function holedPath(root: Mapping, path: SpecPath): SpecPath {
  let at: Holed = root as Holed;
  return path.map((step) => {
    const here =
      Array.isArray(at) && typeof step === "number"
        ? (at.flatMap((item, index) => (item === undefined ? [] : [index]))[step] ?? step)
        : step;
    at = below(at, here);
    return here;
  });
}
