import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../model.js";
import type { JsonSchema } from "./json-schema-data.js";
import { languageSchemas } from "./language-schemas.js";

type Schema = Readonly<Record<string, JsonValue>>;

describe.each(Object.entries(languageSchemas))("the schema of a %s file", (_, schema) => {
  test("is valid JSON Schema 2020-12, in ajv's strict mode too", () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true, validateSchema: true });
    // What editors know besides.
    ajv.addVocabulary(["enumDescriptions"]);
    expect(() => ajv.compile(schema)).not.toThrow();
  });

  test("describes every key, for editors", () => {
    const undescribed = keysOf(schema).filter(({ property }) => typeof property !== "boolean" && property["description"] === undefined);
    // The kind of an error has its description with its definition.
    expect(undescribed.map(({ name }) => name).filter((name) => name !== "kind")).toEqual([]);
  });

  test("says what each of several values means, for editors", () => {
    const lists = valuesIn(schema).filter(({ values }) => values.length > 1);
    expect(lists.filter(({ meanings }) => meanings === undefined)).toEqual([]);
    for (const { values, meanings } of lists) expect(meanings).toHaveLength(values.length);
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

/** Every list of values that are offered; those of conditions (`if`) are not. */
function valuesIn(schema: JsonValue): { values: readonly JsonValue[]; meanings: JsonValue | undefined }[] {
  if (Array.isArray(schema)) return schema.flatMap(valuesIn);
  if (typeof schema !== "object" || schema === null) return [];
  const { if: _condition, ...here } = schema as Schema;
  const own = Array.isArray(here["enum"]) ? [{ values: here["enum"] as readonly JsonValue[], meanings: here["enumDescriptions"] }] : [];
  return [...own, ...Object.values(here).flatMap(valuesIn)];
}
