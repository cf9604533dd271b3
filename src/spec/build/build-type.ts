import { scalarNames } from "../language/types.js";
import type { Field, JsonValue, ScalarName, Type } from "../model.js";
import { type Cursor, child, entries, isText, items, mappingOf, optionalExpression, text } from "./cursor.js";

const scalars: ReadonlySet<string> = new Set(scalarNames);
/** What the model says in other ways than by a keyword. */
const notKeywords: ReadonlySet<string> = new Set(["type", "items", "fields", "nullable", "secret", "from"]);
const none: Type["keywords"] = {};

/** A type in any of its written forms. */
export function buildType(at: Cursor): Type {
  const { path, file, value } = at;
  if (typeof value === "string") return named(value, at, { nullable: false, secret: false, keywords: none });
  const { nullable: mayBeNull, secret: isSecret } = mappingOf(at);
  const nullable = mayBeNull === true;
  const secret = isSecret === true;
  const type = text(at, "type");
  const itemType = child(at, "items");
  const fields = child(at, "fields");
  const values = type === undefined || type === "string" ? child(at, "enum") : undefined;
  const isEnum = itemType === undefined && fields === undefined && values !== undefined;
  const keywords = keywordsOf(at, isEnum);
  if (itemType !== undefined) return { kind: "array", items: buildType(itemType), path, file, nullable, secret, keywords };
  if (fields !== undefined) return { kind: "object", fields: buildFields(fields), path, file, nullable, secret, keywords };
  if (isEnum) return { kind: "enum", values: items(values).map((item) => String(item.value)), path, file, nullable, secret, keywords };
  if (type === undefined) return { kind: "inferred", path, file, nullable, secret, keywords };
  return named(type, at, { nullable, secret, keywords });
}

/** Fields in the order of the file; `name?` is an optional one. */
export function buildFields(at: Cursor | undefined): Field[] {
  return entries(at).map((field) => {
    const { key } = field;
    const optional = key.endsWith("?");
    return {
      path: field.path,
      file: field.file,
      name: optional ? key.slice(0, -1) : key,
      optional,
      type: buildType(field),
      from: isText(field) ? undefined : optionalExpression(child(field, "from")),
    };
  });
}

function keywordsOf(at: Cursor, isEnum: boolean): Type["keywords"] {
  let keywords: Record<string, JsonValue> | undefined;
  const mapping = mappingOf(at);
  for (const key of Object.keys(mapping)) {
    if (notKeywords.has(key) || (isEnum && key === "enum")) continue;
    keywords ??= {};
    keywords[key] = mapping[key] ?? null;
  }
  return keywords ?? none;
}

type Marks = Pick<Type, "nullable" | "secret" | "keywords">;

function named(name: string, { path, file }: Cursor, { nullable, secret, keywords }: Marks): Type {
  return scalars.has(name)
    ? { kind: "scalar", name: name as ScalarName, path, file, nullable, secret, keywords }
    : { kind: "reference", name, path, file, nullable, secret, keywords };
}
