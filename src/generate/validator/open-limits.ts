import type { JsonSchemaObject } from "../../spec/json-schema.js";
import { withSubSchemas } from "./sub-schemas.js";

/** A schema without its limits, and these. */
export interface OpenLimits {
  readonly schema: JsonSchemaObject;
  readonly limits: readonly number[];
}

/** What a number begins with that stands for a limit; two digits follow. */
export const openLimit = "7070707";

const keywords = ["minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/** Opens the limits of texts, lists and numbers: what differs only in these is compiled once. */
export function withOpenLimits(schema: JsonSchemaObject): OpenLimits {
  const limits: number[] = [];
  if (JSON.stringify(schema).includes(openLimit)) return { schema, limits };
  const opened = (node: JsonSchemaObject): JsonSchemaObject => {
    const limited = { ...withSubSchemas(node, opened) };
    for (const keyword of keywords) {
      const limit = limited[keyword];
      // ajv treats no such number in another way than the one that stands for it.
      if (!Number.isSafeInteger(limit) || Number(limit) < 2 || limits.length === 100) continue;
      limited[keyword] = Number(openLimit + String(limits.length).padStart(2, "0"));
      limits.push(Number(limit));
    }
    return limited;
  };
  return { schema: opened(schema), limits };
}
