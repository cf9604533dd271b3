// Where the language takes a text or a name that the author chooses: read from its own JSON Schemas, so that a new place
// is tried as soon as the language has it.
import { type DocumentKind, languageSchemas } from "../../spec/language/language-schemas.js";
import type { JsonValue } from "../../spec/model.js";

type Schema = Readonly<Record<string, JsonValue>>;

/** A place in one document that takes a text: a value, a key, or the place for a key that the language does not know. */
export interface Occurrence {
  /** The place in the language: `usecase tableLoad.table`, `shared fields.*key`. */
  readonly position: string;
  readonly path: readonly (string | number)[];
  readonly on: "value" | "key" | "new key";
  /** The text is an expression. */
  readonly expression: boolean;
}

/** Every place of the language, for one kind of document. */
export function positionsOf(kind: DocumentKind): readonly string[] {
  const found = new Set<string>();
  const entered = new Set<string>();
  const visit = (schema: Schema, id: string): void => {
    const { node, name } = resolved(kind, schema);
    const here = name !== undefined && isMapping(node) ? name : id;
    if (here === name) {
      if (entered.has(here)) return;
      entered.add(here);
    }
    if (takesText(node)) found.add(`${kind} ${here}`);
    if (takesAnything(node)) found.add(`${kind} ${here}.*key`);
    if (!isMapping(node)) for (const branch of list(node["anyOf"])) visit(branch, here);
    for (const [key, child] of Object.entries(mappingOf(node["properties"]))) visit(child as Schema, `${here}.${key}`);
    if (isMapping(node)) found.add(`${kind} ${here}.${isSchema(node["additionalProperties"]) ? "*key" : "?"}`);
    if (isSchema(node["additionalProperties"])) visit(node["additionalProperties"], `${here}.*`);
    if (isSchema(node["items"])) visit(node["items"], here);
    else if (types(node).includes("array")) visit({}, here);
  };
  visit(languageSchemas[kind], kind);
  return [...found].sort();
}

/** The places of a document of this kind, each with its place in the language. */
export function occurrencesIn(kind: DocumentKind, document: JsonValue): readonly Occurrence[] {
  const found: Occurrence[] = [];
  const visit = (schema: Schema, value: JsonValue, id: string, path: Occurrence["path"]): void => {
    const { node, name } = resolved(kind, schema);
    const here = name !== undefined && isMapping(node) ? name : id;
    const branches = list(node["anyOf"]);
    if (branches.length > 0 && !isMapping(node)) {
      const branch = branches.find((each) => fits(kind, each, value));
      if (branch !== undefined) visit(branch, value, here, path);
      return;
    }
    if (Array.isArray(value)) {
      const items = isSchema(node["items"]) ? node["items"] : {};
      for (const [index, item] of value.entries()) visit(items, item, here, [...path, index]);
    } else if (typeof value === "object" && value !== null) {
      const properties = mappingOf(node["properties"]);
      const others = node["additionalProperties"];
      const free = isSchema(others) || takesAnything(node);
      found.push({ position: `${kind} ${here}.${free ? "*key" : "?"}`, path, on: "new key", expression: false });
      for (const [key, child] of Object.entries(value)) {
        const own = Object.hasOwn(properties, key) ? properties[key] : undefined;
        if (own !== undefined) visit(own as Schema, child, `${here}.${key}`, [...path, key]);
        else {
          if (free) found.push({ position: `${kind} ${here}.*key`, path: [...path, key], on: "key", expression: false });
          visit(isSchema(others) ? others : {}, child, takesAnything(node) ? here : `${here}.*`, [...path, key]);
        }
      }
    } else if (takesText(node)) found.push({ position: `${kind} ${here}`, path, on: "value", expression: name === "expression" });
  };
  visit(languageSchemas[kind], document, kind, []);
  return found;
}

function resolved(kind: DocumentKind, schema: Schema): { readonly node: Schema; readonly name: string | undefined } {
  let node = schema;
  let name: string | undefined;
  while (typeof node["$ref"] === "string") {
    name = node["$ref"].slice("#/$defs/".length);
    node = mappingOf(languageSchemas[kind]["$defs"])[name] as Schema;
  }
  return { node, name };
}

function fits(kind: DocumentKind, schema: Schema, value: JsonValue): boolean {
  const { node } = resolved(kind, schema);
  const branches = list(node["anyOf"]);
  if (branches.length > 0 && !isMapping(node)) return branches.some((branch) => fits(kind, branch, value));
  const values = node["enum"];
  if (Array.isArray(values)) return values.includes(value);
  if (Array.isArray(value))
    return types(node).includes("array") && value.every((each) => fits(kind, (node["items"] ?? {}) as Schema, each));
  if (typeof value !== "object" || value === null) return takesText(node) || types(node).includes(typeof value);
  if (!isMapping(node)) return false;
  const keys = Object.keys(value);
  const required = Array.isArray(node["required"]) ? node["required"] : [];
  const known = Object.keys(mappingOf(node["properties"]));
  return (
    required.every((key) => keys.includes(String(key))) &&
    (isSchema(node["additionalProperties"]) || keys.every((key) => known.includes(key)))
  );
}

const isMapping = (node: Schema) => node["type"] === "object";
const isSchema = (value: JsonValue | undefined): value is Schema => typeof value === "object" && value !== null && !Array.isArray(value);
const mappingOf = (value: JsonValue | undefined): Schema => (isSchema(value) ? value : {});
const list = (value: JsonValue | undefined) => (Array.isArray(value) ? (value as readonly Schema[]) : []);
const types = ({ type }: Schema): readonly JsonValue[] => (Array.isArray(type) ? type : type === undefined ? [] : [type]);

/** Texts, and the words of a closed list. */
function takesText(node: Schema): boolean {
  return (
    types(node).includes("string") ||
    (Array.isArray(node["enum"]) && node["enum"].some((each) => typeof each === "string")) ||
    takesAnything(node)
  );
}

/** `default`, `const`: whatever JSON has. */
function takesAnything(node: Schema): boolean {
  return ["type", "anyOf", "enum", "$ref", "properties"].every((keyword) => node[keyword] === undefined);
}
