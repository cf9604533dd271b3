import { anyOf, described, type JsonSchema, mapping, mappingOf, ref, valuesOf } from "./json-schema-data.js";
import { expression } from "./scalars.js";

const scalarMeanings = {
  string: "Text.",
  integer: "A whole number, up to 2^53.",
  number: "A number in double precision: not for money.",
  boolean: "True or false.",
  uuid: "A UUID, in lower case for the handler.",
  date: "A day without a time: 2026-11-22.",
  timestamp: "A moment, RFC 3339: 2026-11-22T10:00:00Z.",
  decimal: 'An exact decimal number, written as a text: "12.50".',
  bigint: "A 64-bit whole number, written as a text.",
  email: "An e-mail address.",
  uri: "A URI with its scheme.",
  json: "Any JSON value.",
} as const;

/** The built-in types. */
export const scalarNames = Object.keys(scalarMeanings) as (keyof typeof scalarMeanings)[];

const textKeywords = {
  minLength: { title: "a whole number from 0", type: "integer", minimum: 0, description: "The fewest characters." },
  maxLength: { title: "a whole number from 0", type: "integer", minimum: 0, description: "The most characters." },
  pattern: {
    title: "a regular expression",
    type: "string",
    minLength: 1,
    maxLength: 1000,
    description: "An ECMAScript regular expression that some part of the text must match: anchor it with ^ and $.",
  },
} satisfies Record<string, JsonSchema>;

const numberKeywords = {
  minimum: { title: "a number", type: "number", description: "The smallest value." },
  maximum: { title: "a number", type: "number", description: "The largest value." },
  exclusiveMinimum: { title: "a number", type: "number", description: "Values must be larger." },
  exclusiveMaximum: { title: "a number", type: "number", description: "Values must be smaller." },
  multipleOf: { title: "a number above 0", type: "number", exclusiveMinimum: 0, description: "Values must be a multiple of this." },
} satisfies Record<string, JsonSchema>;

const listKeywords = {
  minItems: { title: "a whole number from 0", type: "integer", minimum: 0, description: "The fewest items." },
  maxItems: { title: "a whole number from 0", type: "integer", minimum: 0, description: "The most items." },
  uniqueItems: { title: "true or false", type: "boolean", description: "No two items are equal." },
} satisfies Record<string, JsonSchema>;

const annotations = {
  description: described(ref("text"), "For people: becomes JSDoc and documentation."),
  title: described(ref("line"), "A short name for people."),
  examples: { title: "a list of values", type: "array", description: "Values that are valid, for documentation." },
  deprecated: { title: "true or false", type: "boolean", description: "Callers should stop using it." },
  default: { description: "Used when the caller leaves the field out; applied before the fingerprint." },
  nullable: { title: "true or false", type: "boolean", description: "Null is a value too." },
  secret: {
    title: "true or false",
    type: "boolean",
    description: "Never in audit, logs or error details; in a result: never stored, null on replay.",
  },
} satisfies Record<string, JsonSchema>;

const not = (keys: object): JsonSchema => ({ properties: Object.fromEntries(Object.keys(keys).map((key) => [key, false])) });
const when = (types: readonly string[], then: JsonSchema): JsonSchema => ({
  if: { properties: { type: { enum: types } }, required: ["type"] },
  then,
});
const whenHas = (key: string, then: JsonSchema): JsonSchema => ({
  if: { required: [key] },
  then,
});

const ownForm = { fields: true, items: true };
const restrictions: readonly JsonSchema[] = [
  when(["integer", "number"], not({ ...textKeywords, ...listKeywords, ...ownForm })),
  when(["string"], not({ ...numberKeywords, ...listKeywords, ...ownForm })),
  when(
    ["boolean", "uuid", "date", "timestamp", "decimal", "bigint", "json"],
    not({ ...textKeywords, ...numberKeywords, ...listKeywords, ...ownForm }),
  ),
  when(["email", "uri"], not({ ...numberKeywords, ...listKeywords, ...ownForm, pattern: true })),
  when(["array"], { required: ["items"] }),
  when(["object"], { required: ["fields"] }),
  whenHas("items", not({ ...textKeywords, ...numberKeywords, fields: true, enum: true, const: true })),
  whenHas("fields", not({ ...textKeywords, ...numberKeywords, ...listKeywords, enum: true, const: true })),
];

const properties = {
  type: described(
    anyOf("the name of a type", [
      valuesOf({ ...scalarMeanings, array: "A list of `items`.", object: "A mapping with `fields`." }),
      ref("typeName"),
    ]),
    "A built-in type or a shared type's name.",
  ),
  items: described(ref("type"), "The type of every item: this field is an array."),
  fields: described(ref("fields"), "The fields: this field is an object."),
  enum: {
    title: "a list of values",
    type: "array",
    minItems: 1,
    uniqueItems: true,
    items: { title: "a text or a number", type: ["string", "number"] },
    description: "The values that are allowed; without `type` they are strings.",
  },
  const: { description: "The only value that is allowed." },
  ...textKeywords,
  ...numberKeywords,
  ...listKeywords,
  ...annotations,
} satisfies Record<string, JsonSchema>;

const oneOfForms = (keys: readonly string[]): JsonSchema => ({ anyOf: keys.map((key) => ({ required: [key] })) });

/** Fields and their types; the computed ones (in results and payloads) may say where their value is `from`. */
export const types: Readonly<Record<string, JsonSchema>> = {
  typeName: { title: "the name of a type", type: "string", pattern: "^[A-Za-z][A-Za-z0-9_]*$", maxLength: 100 },
  type: anyOf("a type (its name, or a mapping with type, items, fields or enum)", [
    anyOf("the name of a type", [valuesOf(scalarMeanings), ref("typeName")]),
    ref("typeMapping"),
  ]),
  typeMapping: mapping("a type", properties, [], {
    ...oneOfForms(["type", "items", "fields", "enum"]),
    allOf: restrictions,
  }),
  fields: mappingOf("a mapping from field names to types", "fieldName", ref("type")),
  computedType: anyOf("a type (its name, or a mapping with type, items, fields, enum or from)", [
    anyOf("the name of a type", [valuesOf(scalarMeanings), ref("typeName")]),
    ref("computedTypeMapping"),
  ]),
  computedTypeMapping: mapping(
    "a type in a result or payload",
    {
      ...properties,
      from: described(expression, "The expression that gives the value, so that the handler need not; the type may then be left out."),
    },
    [],
    { ...oneOfForms(["type", "items", "fields", "enum", "from"]), allOf: restrictions },
  ),
  computedFields: mappingOf("a mapping from field names to types", "fieldName", ref("computedType")),
};
