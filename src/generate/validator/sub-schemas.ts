import type { JsonSchemaObject } from "../../spec/json-schema.js";
import type { JsonValue } from "../../spec/model.js";

/** A schema with each schema directly in it replaced. What stands in `const`, `default` or `enum` is data, whatever it looks like. */
export function withSubSchemas(schema: JsonSchemaObject, map: (schema: JsonSchemaObject) => JsonSchemaObject): JsonSchemaObject {
  const { properties, items, anyOf } = schema;
  const mapped: Record<string, JsonValue> = { ...schema };
  if (isSchema(items)) mapped["items"] = map(items);
  if (Array.isArray(anyOf)) mapped["anyOf"] = anyOf.map((each) => (isSchema(each) ? map(each) : each));
  if (isSchema(properties))
    mapped["properties"] = Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, isSchema(each) ? map(each) : each]));
  return mapped;
}

function isSchema(value: JsonValue | undefined): value is JsonSchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
