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
  readonly value: JsonValue;
}

export function cursor(document: YamlDocument, foreign: boolean): Cursor {
  return { document, file: foreign ? document.file : undefined, path: [], value: document.value ?? null };
}

function below({ document, file, path }: Cursor, step: string | number, value: JsonValue): Cursor {
  return { document, file, path: [...path, step], value };
}

type Mapping = Readonly<Record<string, JsonValue>>;

/** The value under a key; undefined where there is none. */
export function child(at: Cursor, key: string): Cursor | undefined {
  const { value } = at;
  if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, key)) return undefined;
  return below(at, key, (value as Mapping)[key] ?? null);
}

/** The keys of a mapping with their values, in the order of the file. */
export function entries(at: Cursor | undefined): (readonly [string, Cursor])[] {
  if (at === undefined || typeof at.value !== "object" || at.value === null || Array.isArray(at.value)) return [];
  return Object.entries(at.value as Mapping).map(([key, value]) => [key, below(at, key, value)]);
}

export function items(at: Cursor | undefined): Cursor[] {
  if (at === undefined || !Array.isArray(at.value)) return [];
  // What is wrong in a list leaves a hole, so that its other items keep their places.
  return at.value.flatMap((value: JsonValue | undefined, index) => (value === undefined ? [] : [below(at, index, value)]));
}

export function isText(at: Cursor): boolean {
  return typeof at.value === "string";
}

export function text(at: Cursor | undefined): string | undefined {
  return typeof at?.value === "string" ? at.value : undefined;
}

export function number(at: Cursor | undefined): number | undefined {
  return typeof at?.value === "number" ? at.value : undefined;
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
