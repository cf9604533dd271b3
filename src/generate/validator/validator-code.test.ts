import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, test } from "vitest";
import * as validation from "../../runtime/validation.js";
import { commandJsonSchema, fieldsJsonSchema, type JsonSchemaObject, typeJsonSchema } from "../../spec/json-schema.js";
import type { Field, Type, TypeShape } from "../../spec/model.js";
import { validatorCode } from "./validator-code.js";

// What is generated must say what ajv says of the same schema: the layout changes nothing.

const field = (name: string, shape: TypeShape, keywords: Type["keywords"] = {}, more: Partial<Field & Type> = {}): Field => ({
  name,
  optional: more.optional ?? false,
  from: undefined,
  path: [],
  type: { ...shape, path: [], nullable: more.nullable ?? false, secret: false, keywords },
});
const scalar = (name: Extract<TypeShape, { kind: "scalar" }>["name"]): TypeShape => ({ kind: "scalar", name });

const fields: readonly Field[] = [
  field("text", scalar("string"), { minLength: 2, maxLength: 5, pattern: '^["a-z(){}|| &&,:]+$' }),
  field("number", scalar("integer"), { minimum: 1, maximum: 10 }),
  field("choice", { kind: "enum", values: ["a", "b || c", '"', "if("] }, {}, { nullable: true }),
  field("seven", scalar("integer"), { const: 7 }, { optional: true }),
  field("id", scalar("uuid"), {}, { optional: true }),
  field("at", scalar("timestamp"), {}, { optional: true }),
  field("day", scalar("date"), {}, { optional: true }),
  field("amount", scalar("decimal"), {}, { optional: true }),
  field("mail", scalar("email"), {}, { optional: true }),
  field("fallback", scalar("string"), { default: 'd"e(f){ : , || ' }),
  field(
    "list",
    { kind: "array", items: { kind: "reference", name: "Node", path: [], nullable: false, secret: false, keywords: {} } },
    { minItems: 1, uniqueItems: true },
    { optional: true },
  ),
  field("any", scalar("json"), {}, { optional: true }),
  // Called as what opens a name in a part of the code, and as a keyword whose value is no schema.
  field("name_field0", { kind: "enum", values: ["name_field0", "name_constant0", "name__type0"] }, {}, { optional: true }),
  field("default", { kind: "reference", name: "Node" }, {}, { optional: true, nullable: true }),
  field("level", scalar("integer"), { default: 1, maximum: 3 }, { optional: true }),
  // Numbers that look like the place of a limit.
  field("like", scalar("integer"), { default: 707070700, maximum: 707070701, minimum: 2 }, { optional: true }),
  field(
    "wide",
    { kind: "object", fields: [..."abcdefghij"].map((name) => field(name, scalar("string"), { maxLength: 3 })) },
    {},
    { optional: true },
  ),
  // A key that is its own value, and no identifier.
  field("same", scalar("json"), { const: { "a-b": "a-b", c: "c" } }, { optional: true }),
];
const node: Type = {
  kind: "object",
  path: [],
  nullable: false,
  secret: false,
  keywords: {},
  fields: [
    field("name", scalar("string")),
    field("level", scalar("integer"), { default: 1 }),
    field("const", { kind: "reference", name: "Node" }, {}, { optional: true }),
    field(
      "children",
      { kind: "array", items: { kind: "reference", name: "Node", path: [], nullable: false, secret: false, keywords: {} } },
      {},
      { optional: true },
    ),
  ],
};
const project = { types: [{ name: "Node", file: "", path: [], type: node }] };
const schema: JsonSchemaObject = commandJsonSchema(project, fields);

const sound = { text: "abc", number: 3, choice: "a" };
const values: readonly unknown[] = [
  sound,
  { ...sound, choice: null },
  { ...sound, choice: "c" },
  { ...sound, choice: "b || c" },
  { ...sound, text: "a", number: 0 },
  { ...sound, text: "abcdef", number: 11 },
  { ...sound, text: "ABC", number: 1.5 },
  { ...sound, text: '"({', number: "3" },
  { ...sound, text: "\u{1f600}\u{1f600}" },
  { ...sound, number: Number.NaN },
  { ...sound, seven: 8 },
  { ...sound, id: "00000000-0000-4000-8000-000000000001", at: "2026-11-22T09:30:00Z", day: "2026-02-28", amount: "12.50", mail: "a@b.de" },
  { ...sound, id: "urn:uuid:00000000-0000-4000-8000-000000000001", at: "2026-11-22", day: "2026-02-30", amount: "1e5", mail: "a@b" },
  { ...sound, unknown: 1, more: 2 },
  { ...sound, list: [] },
  { ...sound, list: [{ name: "a" }, { name: "b", children: [{ name: "c", children: [{ nam: 1 }] }] }] },
  { ...sound, list: [{ name: "a" }, { name: "a", level: 1 }] },
  { ...sound, list: [1, null, { name: 2 }] },
  { ...sound, any: { deep: [1] } },
  { ...sound, name_field0: "name_constant0", level: 4 },
  { ...sound, name_field0: "name_field", level: null },
  { ...sound, default: { name: "a", const: { name: "b" } } },
  { ...sound, wide: Object.fromEntries([..."abcdefghij"].map((name) => [name, name])) },
  { ...sound, wide: Object.fromEntries([..."abcdefghik"].map((name) => [name, name.repeat(4)])) },
  { ...sound, like: 707070702 },
  { ...sound, like: 1 },
  { ...sound, default: { name: 1, const: { nam: "b" } } },
  {},
  [],
  null,
  "text",
  undefined,
];

let generated: validation.CompiledValidator;
let code: string;
beforeAll(async () => {
  // The command's file and the types', in one module.
  const made = await validatorCode({
    validate: fieldsJsonSchema(project, fields).schema,
    checkNode: typeJsonSchema(project, node).schema,
  });
  code = made.code;
  const names = Object.entries(validation).filter(([name]) => made.imports.includes(name));
  expect(names.map(([name]) => name).sort()).toEqual(made.imports);
  generated = new Function(...names.map(([name]) => name), `${code}\nreturn validate;`)(...names.map(([, value]) => value));
});

const ajv = new Ajv2020({
  allErrors: true,
  useDefaults: true,
  strictTypes: false,
  strictRequired: false,
  formats: { ...validation.formats },
});
const original = ajv.compile(schema);
const summary = (errors: validation.CompiledValidator["errors"]) =>
  (errors ?? []).map(({ instancePath, keyword, params, message }) => ({ instancePath, keyword, params, message }));

describe("generated validators", () => {
  test.each(values.map((value) => [value]))("say of %j what ajv says", (value) => {
    const [one, other] = [structuredClone(value), structuredClone(value)];
    expect(generated(one)).toBe(original(other));
    expect(summary(generated.errors)).toEqual(summary(original.errors as validation.CompiledValidator["errors"]));
    // Defaults were put in alike.
    expect(one).toEqual(other);
  });

  test("take fields that are called as ajv calls its own functions for fields", async () => {
    const names = ["data", "errors", "func", "formats", "pattern", "schema", "validate"].flatMap((name) => [
      name,
      ...Array.from({ length: 30 }, (_, index) => `${name}${index}`),
    ]);
    const named = names.map((name) => field(name, scalar("uuid"), { pattern: "1$" }));
    const made = await validatorCode({ validate: fieldsJsonSchema(project, named).schema });
    const lost = names.filter((name) => !new RegExp(`\\bdata\\.${name}\\b`).test(made.code));
    expect(lost).toEqual([]);
  });

  test("load nothing", () => expect(code).not.toMatch(/\brequire\(|\bimport\b/));
});
