import type { CodeKeywordDefinition, _ as CodeTemplate } from "ajv";
import type { JsonSchemaObject } from "../../spec/json-schema.js";
import { withSubSchemas } from "./sub-schemas.js";

const keyword = "lowerCase";

/**
 * Marks every UUID of a command's schema to be put into lower case. RFC 9562 lets callers write either case, but they
 * are one value: without this, a rule that compares two UUIDs, a fingerprint or a handler would take them for different
 * ones where Postgres finds the same row.
 */
export function withLowerCaseUuids(schema: JsonSchemaObject): JsonSchemaObject {
  return { ...withSubSchemas(schema, withLowerCaseUuids), ...(schema["format"] === "uuid" && { [keyword]: true }) };
}

/** What ajv does at such a place, with its own way to write code. */
export function lowerCaseKeyword(code: typeof CodeTemplate): CodeKeywordDefinition {
  return {
    keyword,
    type: "string",
    schemaType: "boolean",
    code({ gen, data: value, it: { parentData, parentDataProperty } }) {
      gen.assign(code`${parentData}[${parentDataProperty}]`, code`${value}.toLowerCase()`);
    },
  };
}
