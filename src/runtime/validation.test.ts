import { expect, test } from "vitest";
import { type CompiledValidator, commandSchema, equal, formats, ucs2length } from "./validation.js";

const fits = (format: keyof typeof formats, text: string) => {
  const test = formats[format];
  return typeof test === "function" ? test(text) : test.test(text);
};

test.each<[keyof typeof formats, readonly string[], readonly string[]]>([
  [
    "uuid",
    ["018f3c5e-0000-7000-8000-00000000000a", "018F3C5E-0000-7000-8000-00000000000A"],
    ["", "urn:uuid:018f3c5e-0000-7000-8000-00000000000a", "018f3c5e000070008000-00000000000a"],
  ],
  ["date", ["2026-11-22", "2024-02-29"], ["2026-02-29", "2026-13-01", "2026-1-1", "0000-01-01", "2026-11-22T00:00:00Z"]],
  [
    "date-time",
    ["2026-11-22T10:00:00Z", "2026-11-22t10:00:00.123456+05:30"],
    [
      "2026-11-22 10:00:00Z",
      "2026-11-22T10:00:00",
      "2026-11-22T24:00:00Z",
      "2026-11-22T23:59:60Z",
      "2026-02-30T10:00:00Z",
      "2026-11-22T10:00:00+25:00",
    ],
  ],
  ["decimal", ["0", "-1.50", "12345678901234567890.1"], ["", "01", ".5", "1.", "1e3", "+1", "NaN"]],
  ["bigint", ["0", "-9223372036854775808"], ["", "01", "1.0", "1n"]],
  [
    "email",
    ["a@b.example", "first.last+tag@sub.example.org"],
    ["a@b", "@b.example", "a@-b.example", "a b@c.example", `${"a".repeat(65)}@b.example`],
  ],
  [
    "uri",
    ["https://example.org/a?b#c", "mailto:a@b.example", "urn:isbn:1"],
    ["/relative", "example.org", "https://a b", "http://[", "javascript"],
  ],
])("%s", (format, good, bad) => {
  expect(good.filter((text) => !fits(format, text))).toEqual([]);
  expect(bad.filter((text) => fits(format, text))).toEqual([]);
});

test("ajv's own helpers", () => {
  expect(["", "abc", "😀", "a😀b"].map(ucs2length)).toEqual([0, 3, 1, 3]);
  expect(equal({ a: [1, { b: null }], c: "x" }, { c: "x", a: [1, { b: null }] })).toBe(true);
  expect([
    equal([1], { 0: 1 }),
    equal({ a: 1 }, { a: 1, b: 2 }),
    equal({ a: undefined }, { b: undefined }),
    equal(1, "1"),
    equal(null, {}),
  ]).toEqual([1, 2, 3, 4, 5].map(() => false));
});

const error = (instancePath: string, keyword: string, params: object, message?: string) => ({
  instancePath,
  keyword,
  params: { ...params },
  ...(message && { message }),
});
const schema = (errors: readonly ReturnType<typeof error>[], fill?: (data: object) => void) => {
  const validate: CompiledValidator = (data) => {
    fill?.(data as object);
    validate.errors = errors;
    return errors.length === 0;
  };
  return commandSchema<object, object>(validate)["~standard"];
};

test("defaults go into a copy", () => {
  const input = { lines: [{}] };
  const { validate } = schema([], (data) => Object.assign(data, { notify: true }));
  expect(validate(input)).toEqual({ value: { lines: [{}], notify: true } });
  expect(input).toEqual({ lines: [{}] });
});

test("each fault has its path and a message for people", () => {
  const { validate, vendor, version } = schema([
    error("", "required", { missingProperty: "sku" }, "must have required property 'sku'"),
    error("/lines/0", "additionalProperties", { additionalProperty: "a/b" }),
    error("/a~1b/c~0d", "minimum", {}, "must be >= 1"),
    error("/kind", "enum", { allowedValues: ["a", "b"] }, "must be equal to one of the allowed values"),
  ]);
  expect([vendor, version]).toEqual(["usecasecore", 1]);
  expect(validate({})).toEqual({
    issues: [
      { path: ["sku"], message: "is required" },
      { path: ["lines", "0", "a/b"], message: "is not known" },
      { path: ["a/b", "c~d"], message: "must be >= 1" },
      { path: ["kind"], message: 'must be one of ["a","b"]' },
    ],
  });
});

test.each([
  [{ a: [{ b: "x\0" }] }, ["a", 0, "b"]],
  [{ a: "\ud800" }, ["a"]],
])("texts that Postgres cannot hold are the caller's fault: %#", (input, path) => {
  expect(schema([]).validate(input)).toEqual({ issues: [{ path, message: "must not contain NUL or half a surrogate pair" }] });
});

test("what is no plain data is refused", () => {
  expect(schema([]).validate({ f: () => 1 })).toEqual({ issues: [{ path: [], message: "must be plain data" }] });
});

test.each<[string, unknown]>([
  ["nested", { a: [{ b: [1, null, "x"] }, []], c: undefined, d: true }],
  ["a date", { at: new Date(5) }],
  ["a map", { a: [new Map([[1, 2]])] }],
  ["the name __proto__", JSON.parse('{ "__proto__": { "polluted": true } }')],
  ["no prototype", Object.assign(Object.create(null), { a: 1 })],
])("a command is copied as a structured clone would be: %s", (_, input) => {
  let seen: unknown;
  const validate = (value: unknown) => {
    seen = value;
    return true;
  };
  commandSchema(validate)["~standard"].validate(input);
  expect(seen).toStrictEqual(structuredClone(input));
  expect(seen).not.toBe(input);
});

test("a command that holds a function is no plain data", () => {
  const { validate } = commandSchema(() => true)["~standard"];
  expect(validate({ call: [() => 1] })).toEqual({ issues: [{ message: "must be plain data", path: [] }] });
});
