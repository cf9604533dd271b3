import type { Expression, JsonValue, Located, Name } from "../model.js";
import { nodeAt } from "../yaml/node-at.js";
import type { YamlDocument } from "../yaml/yaml-document.js";
import { yamlLibrary } from "../yaml/yaml-library.js";

/**
 * A value of a document and where it is. The structure of the document has been checked: reading a value as what the
 * language says it is cannot fail.
 *
 * What is built of it has `path` and `file` written out: a spread takes ten times as long, and there are dozens in a file.
 */
export interface Cursor extends Located {
  readonly document: YamlDocument;
  /** Of the document, where that is another than the one of the use case (or machine) that is built. */
  readonly file: string | undefined;
  /** The last of the path's steps. */
  readonly key: string | number;
  readonly value: JsonValue;
}

/** What a mapping has under one of its keys. */
export interface Entry extends Cursor {
  readonly key: string;
}

type Mapping = Readonly<Record<string, JsonValue>>;

export function cursor(document: YamlDocument, foreign: boolean): Cursor {
  return { document, file: foreign ? document.file : undefined, path: [], key: "", value: document.value ?? null };
}

function below<Key extends string | number>({ document, file, path }: Cursor, key: Key, value: JsonValue): Cursor & { readonly key: Key } {
  return { document, file, path: [...path, key], key, value };
}

/** The mapping that a value is; nothing of what is asked of another is there. */
export function mappingOf({ value }: Cursor): Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Mapping) : empty;
}

const empty: Mapping = Object.create(null);

/** The value under a key; undefined where there is none. */
export function child(at: Cursor, key: string): Cursor | undefined {
  const value = mappingOf(at)[key];
  return value === undefined ? undefined : below(at, key, value);
}

/** A mapping's entries in the order of the file. */
export function entries(at: Cursor | undefined): Entry[] {
  if (at === undefined) return [];
  const mapping = mappingOf(at);
  return Object.keys(mapping).map((key) => below(at, key, mapping[key] ?? null));
}

export function items(at: Cursor | undefined): Cursor[] {
  const found: Cursor[] = [];
  if (at === undefined || !Array.isArray(at.value)) return found;
  // What is wrong in a list leaves a hole, so that its other items keep their places.
  at.value.forEach((value: JsonValue | undefined, index) => {
    if (value !== undefined) found.push(below(at, index, value));
  });
  return found;
}

export function isText(at: Cursor): boolean {
  return typeof at.value === "string";
}

/** The text under a key. */
export function text(at: Cursor | undefined, key: string): string | undefined {
  const value = at && mappingOf(at)[key];
  return typeof value === "string" ? value : undefined;
}

/** The number under a key. */
export function number(at: Cursor | undefined, key: string): number | undefined {
  const value = at && mappingOf(at)[key];
  return typeof value === "number" ? value : undefined;
}

export function name({ path, file, value }: Cursor): Name {
  return { path, file, name: String(value) };
}

export function optionalName(at: Cursor | undefined): Name | undefined {
  return at === undefined ? undefined : name(at);
}

export function names(at: Cursor | undefined): Name[] {
  return items(at).map(name);
}

export function expression(at: Cursor): Expression {
  const source = typeof at.value === "string" ? at.value : literalSource(at);
  return { path: at.path, file: at.file, source };
}

export function optionalExpression(at: Cursor | undefined): Expression | undefined {
  return at === undefined ? undefined : expression(at);
}

/** A number or boolean as written (`1.0` is a double in CEL, `1` is not), where CEL writes it the same way. */
function literalSource(at: Cursor): string {
  const needsText = typeof at.value === "number" && at.document.canonicalNumbers !== true;
  const node = needsText ? nodeAt(at.document, at.path).value : undefined;
  const target = node === undefined ? undefined : (at.document.aliases.get(node) ?? node);
  const written = target !== undefined && yamlLibrary().isScalar(target) ? target.source : undefined;
  return written !== undefined && /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$|^0x[0-9a-fA-F]+$/.test(written) ? written : String(at.value);
}
