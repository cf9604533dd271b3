import { parse } from "yaml";
import type { DocumentKind } from "../../spec/language/language-schemas.js";
import type { JsonValue } from "../../spec/model.js";
import { camelCase, kebabCase } from "../../spec/names.js";
import { baseDocuments, laterDocuments } from "./base-documents.fixture.js";
import { families } from "./families.fixture.js";
import { type Occurrence, occurrencesIn } from "./string-positions.fixture.js";

/** One text put into one place of one sound document. */
export interface Attack {
  /** `usecase fields.*key`: a place in the language; `file name`, `file folder`. */
  readonly position: string;
  readonly family: string;
  readonly text: string;
  /** The base document. */
  readonly base: string;
  readonly at: Occurrence | undefined;
}

type Json = JsonValue | undefined;
type Container = Record<string | number, Json>;

export const kindOf = (file: string): DocumentKind | undefined =>
  file.endsWith("config.yaml") ? "config" : (/\.(usecase|machine|shared)\.yaml$/.exec(file)?.[1] as DocumentKind | undefined);

const documents = { ...baseDocuments, ...laterDocuments };
const values = new Map(
  Object.entries(documents).flatMap(([file, text]) => (kindOf(file) === undefined ? [] : [[file, parse(text) as JsonValue] as const])),
);

/** Where each position of the language is in the base documents: the first place, in the smallest of them that lint lets through. */
export const places: ReadonlyMap<string, { readonly base: string; readonly at: Occurrence | undefined }> = (() => {
  const found = new Map<string, { readonly base: string; readonly at: Occurrence | undefined }>();
  const size = (file: string) => (documents[file] ?? "").length + (file in laterDocuments ? 1_000_000 : 0);
  for (const [base, value] of [...values].sort(([a], [b]) => size(a) - size(b))) {
    const kind = kindOf(base);
    if (kind === undefined) continue;
    for (const at of occurrencesIn(kind, value)) if (!found.has(at.position)) found.set(at.position, { base, at });
  }
  for (const position of ["file name", "file folder"]) found.set(position, { base: "specs/put-member.usecase.yaml", at: undefined });
  return found;
})();

/** Every attack of a family on a position: the text alone, behind what is there, and inside an expression. */
export function attacksOn(position: string, family: string): readonly Attack[] {
  const place = places.get(position);
  if (place === undefined) throw new Error(`No base document has ${position}.`);
  return (families[family] ?? []).flatMap((text) =>
    variantsOf(text, place).map((variant): Attack => ({ position, family, text: variant, ...place })),
  );
}

function variantsOf(text: string, { base, at }: { readonly base: string; readonly at: Occurrence | undefined }): readonly string[] {
  if (at === undefined || at.on === "new key") return [text];
  const before = at.on === "key" ? at.path.at(-1) : valueAt(values.get(base), at.path);
  if (at.expression) {
    const quoted = JSON.stringify(text);
    return [text, `size(${quoted}) >= 0 ? (${before}) : (${before})`, `${quoted}`];
  }
  return typeof before === "string" ? [text, `${before}${text}`] : [text];
}

/** A document with these texts in it, and names of its own wherever two use cases may not have the same. */
export function attacked(base: string, attacks: readonly Attack[], number: number): { readonly file: string; readonly text: string } {
  const root = structuredClone(values.get(base)) as Container;
  const depth = ({ at }: Attack) => at?.path.length ?? 0;
  const order = ({ at }: Attack) => (at?.on === "value" ? 0 : 1);
  for (const { at, text } of [...attacks].sort((a, b) => order(a) - order(b) || depth(b) - depth(a)))
    if (at !== undefined) put(root, at, text);
  const kind = kindOf(base);
  if (kind !== "usecase") return { file: base, text: yaml(root) };

  const own = attacks.some(({ position }) => position === "usecase usecase.usecase");
  const before = (values.get(base) as Container)["usecase"];
  if (!own) root["usecase"] = `${before}${number}`;
  // What is declared here has another shape in each copy.
  for (const part of ["events", "jobs"]) root[part] = renamed(root[part], number);
  const onDisk = (text: string) => text.replaceAll("/", ":").replaceAll("\0", "").slice(0, 80);
  const named = attacks.find(({ position }) => position === "file name");
  const folder = attacks.find(({ position }) => position === "file folder");
  const name = named === undefined ? `${kebabCase(String(root["usecase"]))}` : onDisk(named.text);
  return {
    file: `specs/${folder === undefined ? number : `${onDisk(folder.text)}${number}`}/${onDisk(name)}.usecase.yaml`,
    text: yaml(root),
  };
}

function put(root: Container, at: Occurrence, text: string): void {
  if (at.on === "new key") {
    const object = valueAt(root as JsonValue, at.path) as Container;
    const [first] = Object.values(object);
    define(object, text, structuredClone(first) ?? "x");
    return;
  }
  const parent = valueAt(root as JsonValue, at.path.slice(0, -1)) as Container;
  const last = at.path.at(-1) ?? "";
  if (at.on === "value") {
    parent[last] = text;
    return;
  }
  const entries = Object.entries(parent);
  for (const [key] of entries) delete parent[key];
  for (const [key, value] of entries) define(parent, key === last ? text : key, value);
}

/** `__proto__` as a key like any other. */
function define(object: Container, key: string, value: Json): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

function valueAt(value: Json, path: readonly (string | number)[]): Json {
  return path.reduce<Json>((each, key) => (each as Container)[key], value);
}

function renamed(messages: Json, number: number): Json {
  const rename = (object: Json): Json =>
    typeof object !== "object" || object === null
      ? object
      : (Object.fromEntries(
          Object.entries(object).map(([name, value]) => [
            /^[A-Z]\w*$/.test(name) && camelCase(name) !== "constructor" ? `${name}N${number}` : name,
            value,
          ]),
        ) as JsonValue);
  return Array.isArray(messages) ? (messages.map(rename) as JsonValue) : rename(messages);
}

/** JSON is YAML; what YAML would not take in quotes is escaped. */
function yaml(value: Container): string {
  return `${JSON.stringify(value, (_, each) => (each === undefined ? undefined : each), 2)}\n`;
}

export const textOf = (file: string): string => documents[file] ?? "";
