import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../model.js";
import type { JsonSchema } from "./json-schema-data.js";
import { languageSchemas } from "./language-schemas.js";

type Schema = Readonly<Record<string, JsonValue>>;

describe.each(Object.entries(languageSchemas))("the schema of a %s file", (_, schema) => {
  test("is valid JSON Schema 2020-12, in ajv's strict mode too", () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true, validateSchema: true });
    expect(() => ajv.compile(schema)).not.toThrow();
  });

  test("describes every key, for editors", () => {
    const undescribed = keysOf(schema).filter(({ property }) => typeof property !== "boolean" && property["description"] === undefined);
    // The kind of an error has its description with its definition.
    expect(undescribed.map(({ name }) => name).filter((name) => name !== "kind")).toEqual([]);
  });

  test("names what it expects wherever a value can be wrong", () => {
    const untitled = [...Object.values(schema["$defs"] as Readonly<Record<string, JsonSchema>>), schema].filter(
      ({ title, enum: values }) => title === undefined && values === undefined,
    );
    expect(untitled).toEqual([]);
  });
});

/** Every key of every mapping, with its schema. */
function keysOf(schema: JsonValue): { name: string; property: Schema | boolean }[] {
  if (Array.isArray(schema)) return schema.flatMap(keysOf);
  if (typeof schema !== "object" || schema === null) return [];
  const here = schema as Schema;
  const own = Object.entries((here["type"] === "object" ? here["properties"] : undefined) ?? {}) as [string, Schema | boolean][];
  return [...own.map(([name, property]) => ({ name, property })), ...Object.values(here).flatMap(keysOf)];
}
