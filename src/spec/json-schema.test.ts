import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { describe, expect, test } from "vitest";
import { buildFields, buildType } from "./build/build-type.js";
import { child, cursor, entries } from "./build/cursor.js";
import { commandJsonSchema } from "./json-schema.js";
import { readYaml } from "./yaml/read-yaml.js";

/** A strict validator of these fields, with defaults filled in: as generated code has it. */
function validator(fields: string, types = "{}") {
  const root = cursor(readYaml("sample.yaml", `fields: ${fields}\ntypes: ${types}\n`), false);
  const shared = entries(child(root, "types")).map((at) => ({ name: at.key, file: "sample.yaml", path: at.path, type: buildType(at) }));
  const schema = commandJsonSchema({ types: shared }, buildFields(child(root, "fields")));
  const ajv = new Ajv2020({ strict: true, allErrors: true, useDefaults: true, allowUnionTypes: true });
  (addFormats as unknown as (validator: Ajv2020) => void)(ajv);
  const validate = ajv.compile(schema);
  return { schema, validate };
}

const uuid = "0190b5c0-7b1e-7c3a-8f00-0123456789ab";

describe("each type takes what it should and no more", () => {
  test.each<[string, readonly unknown[], readonly unknown[]]>([
    ["string", ["", "x"], [1, null, true, ["x"]]],
    ["integer", [0, -1, 9007199254740991], [1.5, "1", 1e300, null]],
    ["{ type: integer, minimum: 1, maximum: 3 }", [1, 3], [0, 4]],
    ["number", [0.5, -1e300], ["1", null, Number.NaN]],
    ["boolean", [true, false], ["true", 0]],
    ["uuid", [uuid, uuid.toUpperCase()], ["x", `urn:uuid:${uuid}`, `${uuid} `, ""]],
    ["date", ["2026-11-22"], ["2026-02-30", "22.11.2026", "2026-11-22T00:00:00Z"]],
    ["timestamp", ["2026-11-22T10:00:00Z", "2026-11-22T10:00:00.123+01:00"], ["2026-11-22", "2026-11-22T10:00:00", 0]],
    ["decimal", ["0", "-12.50", "0.1", "123456789012345678901234567890.12"], ["1e3", "", ".5", "1.", "01", 1, "Infinity", "9".repeat(101)]],
    ["bigint", ["0", "-9007199254740993"], ["1.0", "-0", "007", 1, "9".repeat(20)]],
    ["email", ["a@example.org"], ["a", "a@"]],
    ["uri", ["https://example.org/a?b"], ["example.org", "//x"]],
    ["json", [null, 1, "x", [1], { a: null }], []],
    ["{ enum: [a, b] }", ["a"], ["c", null, 1]],
    ["{ type: integer, enum: [1, 2] }", [1], [3, "1"]],
    ["{ type: string, nullable: true, maxLength: 2 }", [null, "ab"], ["abc", 1]],
    ["{ enum: [a], nullable: true }", ["a", null], ["b"]],
    ["{ type: string, const: x, nullable: true }", ["x", null], ["y"]],
    ["{ items: integer, minItems: 1, uniqueItems: true }", [[1, 2]], [[], [1, 1], ["1"], 1]],
    ["{ items: uuid, nullable: true }", [null, [uuid]], [["x"]]],
    ["{ fields: { b: integer, c?: string } }", [{ b: 1 }, { b: 1, c: "x" }], [{}, { b: 1, d: 2 }, { b: 1, c: null }, []]],
    ["Sku", ["A-1"], ["a", ""]],
    ["{ type: Sku, maxLength: 2 }", ["A1"], ["A-1"]],
    ["{ type: Sku, nullable: true }", ["A-1", null], ["a"]],
    [
      "{ items: Tree }",
      [[{ name: "a", children: [{ name: "b", children: [] }] }]],
      [[{ name: "a", children: [{ name: 1, children: [] }] }]],
    ],
  ])("%s", (type, good, bad) => {
    const types = '{ Sku: { type: string, pattern: "^[A-Z0-9-]+$" }, Tree: { fields: { name: string, children: { items: Tree } } } }';
    const { validate } = validator(`{ a: ${type} }`, types);
    for (const value of good) expect(validate({ a: value }), JSON.stringify([value, validate.errors])).toBe(true);
    for (const value of bad) expect(validate({ a: value }), JSON.stringify(value)).toBe(false);
    expect(validate({}), "missing").toBe(false);
  });
});

test("a default makes a field optional for the caller and present afterwards, through shared types too", () => {
  const { schema, validate } = validator(
    "{ notify: { type: boolean, default: true }, tier: Tier, note?: string }",
    "{ Tier: { enum: [free, pro], default: free } }",
  );
  const command = {};
  expect(validate(command)).toBe(true);
  expect(command).toEqual({ notify: true, tier: "free" });
  expect(schema["required"]).toBeUndefined();
});

test("unknown fields are refused, whatever they are called", () => {
  const { validate } = validator("{ a?: string }");
  expect(validate({ b: 1 })).toBe(false);
  expect(validate(JSON.parse('{ "__proto__": 1 }'))).toBe(false);
  expect(validate(JSON.parse('{ "constructor": 1 }'))).toBe(false);
});

test("the schema of a command, as it is published", () => {
  const { schema } = validator(
    "{ sku: Sku, quantity: { type: integer, minimum: 1, description: How many. }, note?: { type: string, secret: true } }",
    "{ Sku: { type: string, minLength: 1 } }",
  );
  expect(schema).toEqual({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    properties: {
      sku: { $ref: "#/$defs/Sku" },
      quantity: { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: "How many." },
      note: { type: "string", writeOnly: true },
    },
    required: ["sku", "quantity"],
    additionalProperties: false,
    $defs: { Sku: { type: "string", minLength: 1 } },
  });
});
