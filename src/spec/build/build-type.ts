import { scalarNames } from "../language/types.js";
import type { Field, JsonValue, ScalarName, Type, TypeShape } from "../model.js";
import { type Cursor, child, entries, isText, items, located, optionalExpression, text } from "./cursor.js";

const scalars: ReadonlySet<string> = new Set(scalarNames);
/** What the model says in other ways than by a keyword. */
const notKeywords: ReadonlySet<string> = new Set(["type", "items", "fields", "nullable", "secret", "from"]);

/** A type in any of its written forms. */
export function buildType(at: Cursor): Type {
  if (isText(at)) return { ...named(String(at.value)), ...located(at), nullable: false, secret: false, keywords: {} };
  const shape = shapeOf(at);
  const keywords: Record<string, JsonValue> = {};
  for (const [key, { value }] of entries(at)) {
    if (!notKeywords.has(key) && !(key === "enum" && shape.kind === "enum")) keywords[key] = value;
  }
  return {
    ...shape,
    ...located(at),
    nullable: child(at, "nullable")?.value === true,
    secret: child(at, "secret")?.value === true,
    keywords,
  };
}

/** Fields in the order of the file; `name?` is an optional one. */
export function buildFields(at: Cursor | undefined): Field[] {
  return entries(at).map(([key, field]) => ({
    ...located(field),
    name: key.replace(/\?$/, ""),
    optional: key.endsWith("?"),
    type: buildType(field),
    from: isText(field) ? undefined : optionalExpression(child(field, "from")),
  }));
}

function shapeOf(at: Cursor): TypeShape {
  const itemType = child(at, "items");
  if (itemType !== undefined) return { kind: "array", items: buildType(itemType) };
  const fields = child(at, "fields");
  if (fields !== undefined) return { kind: "object", fields: buildFields(fields) };
  const type = text(child(at, "type"));
  const values = child(at, "enum");
  if (values !== undefined && (type === undefined || type === "string")) {
    return { kind: "enum", values: items(values).map(({ value }) => String(value)) };
  }
  return type === undefined ? { kind: "inferred" } : named(type);
}

function named(name: string): TypeShape {
  return scalars.has(name) ? { kind: "scalar", name: name as ScalarName } : { kind: "reference", name };
}
