import type { JsonValue } from "../model.js";

/** A JSON Schema 2020-12 as data. */
export type JsonSchema = Readonly<Record<string, JsonValue>>;

export const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });

/** A mapping with these keys and no others. `title` is what a finding says was expected. */
export function mapping(
  title: string,
  properties: Readonly<Record<string, JsonSchema | boolean>>,
  required: readonly string[] = [],
  more: JsonSchema = {},
): JsonSchema {
  return {
    title,
    type: "object",
    properties: properties as JsonSchema,
    ...(required.length > 0 ? { required } : {}),
    additionalProperties: false,
    ...more,
  };
}

/** A mapping from names of one kind to values of one kind. */
export function mappingOf(title: string, names: string, values: JsonSchema, more: JsonSchema = {}): JsonSchema {
  return { title, type: "object", propertyNames: ref(names), additionalProperties: values, ...more };
}

export function listOf(title: string, items: JsonSchema, more: JsonSchema = {}): JsonSchema {
  return { title, type: "array", items, ...more };
}

export function anyOf(title: string, branches: readonly JsonSchema[], more: JsonSchema = {}): JsonSchema {
  return { title, anyOf: branches, ...more };
}

/** One of these values. What each means is shown where the editor offers it. */
export function valuesOf(values: Readonly<Record<string, string>>, more: JsonSchema = {}): JsonSchema {
  return { enum: Object.keys(values), enumDescriptions: Object.values(values), ...more };
}

/** `schema` with the text that editors show for the key that holds it. */
export function described(schema: JsonSchema, description: string): JsonSchema {
  return { ...schema, description };
}
