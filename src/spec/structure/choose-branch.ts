import type { JsonSchema } from "../language/json-schema-data.js";
import type { JsonValue } from "../model.js";
import { nearest } from "../suggest.js";

/**
 * Which of several forms a value was meant to be: of those of its JSON type the one whose own keys it has. Undefined
 * where no form has its type, or a text or number fits none of several.
 */
export function chooseBranch(branches: readonly JsonSchema[], root: JsonSchema, value: JsonValue): number | undefined {
  if (typeof value === "string") return onlyText(branches, root);
  if (typeof value !== "object" || value === null) return undefined;
  const ofType = branches
    .map((branch, index) => ({ index, schema: formOf(branch, root, value) }))
    .filter(({ schema }) => schema !== undefined);
  if (ofType.length <= 1 || Array.isArray(value)) return ofType[0]?.index;
  const known = new Set(ofType.flatMap(({ schema }) => Object.keys((schema?.["properties"] as object | undefined) ?? {})));
  const scored = ofType.map(({ index, schema }) => ({ index, score: likeness(schema ?? {}, value as Record<string, JsonValue>, known) }));
  const [best, second] = scored.sort((a, b) => b.score - a.score || a.index - b.index);
  return best === undefined || best.score === 0 || (best.score < ownKey && best.score === second?.score) ? undefined : best.index;
}

/** The one form that is a text of some pattern, where no other is a text. */
function onlyText(branches: readonly JsonSchema[], root: JsonSchema): number | undefined {
  const texts = branches
    .map((branch, index) => ({ index, schema: resolved(branch, root) }))
    .filter(({ schema }) => schema["type"] === "string" || "enum" in schema || "anyOf" in schema);
  const [first, second] = texts;
  return first !== undefined && second === undefined && "pattern" in first.schema ? first.index : undefined;
}

/** Every schema that says something about the same value: the schema itself, what it refers to and is joined from. */
export function sameInstanceSchemas(schema: JsonSchema, root: JsonSchema): JsonSchema[] {
  const found = new Set<JsonSchema>();
  const visit = (part: unknown): void => {
    if (typeof part !== "object" || part === null || Array.isArray(part) || found.has(part as JsonSchema)) return;
    const here = part as JsonSchema;
    found.add(here);
    visit(resolved(here, root));
    for (const joined of ["anyOf", "allOf"]) for (const each of (here[joined] as readonly unknown[] | undefined) ?? []) visit(each);
    for (const joined of ["then", "else"]) visit(here[joined]);
  };
  visit(schema);
  return [...found];
}

/** What a schema refers to; itself where it refers to nothing. */
export function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const reference = schema["$ref"];
  if (typeof reference !== "string") return schema;
  const definitions = root["$defs"] as Readonly<Record<string, JsonSchema>> | undefined;
  return definitions?.[reference.slice("#/$defs/".length)] ?? schema;
}

/** The form of the value's own JSON type, through references and alternatives. */
function formOf(schema: JsonSchema, root: JsonSchema, value: JsonValue): JsonSchema | undefined {
  const here = resolved(schema, root);
  const wanted = Array.isArray(value) ? "array" : "object";
  if (here["type"] === wanted) return here;
  for (const branch of (here["anyOf"] as readonly JsonSchema[] | undefined) ?? []) {
    const form = formOf(branch, root, value);
    if (form !== undefined) return form;
  }
  return undefined;
}

/** A required key of its own, written right or nearly so, weighs more than keys that other forms have too. */
const ownKey = 100;

/** `known`: the keys of any form, which are no misspelt keys of another. */
function likeness(schema: JsonSchema, value: Readonly<Record<string, JsonValue>>, known: ReadonlySet<string>): number {
  const required = (schema["required"] as readonly string[] | undefined) ?? [];
  const properties = Object.keys((schema["properties"] as object | undefined) ?? {});
  const keys = Object.keys(value);
  const own = required.filter(
    (key) => keys.includes(key) || keys.some((written) => !known.has(written) && nearest(written, [...required, ...properties])[0] === key),
  );
  return own.length * ownKey + properties.filter((key) => keys.includes(key)).length;
}
