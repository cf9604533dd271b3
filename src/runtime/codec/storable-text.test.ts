import { expect, test } from "vitest";
import { storableJson, storableText } from "./storable-text.js";

test.each(["", "plain", "ünï😀", "back\\u0000slash"])("can be stored: %j", (text) => {
  expect(storableText(text)).toBe(text);
  expect(JSON.parse(storableJson({ [text]: text }))).toEqual({ [text]: text });
});

test.each(["\0", "a\0b", "\ud800", "x\udc00y"])("cannot be stored: %j", (text) => {
  expect(() => storableText(text)).toThrow(TypeError);
  expect(() => storableJson({ a: [text] })).toThrow(TypeError);
  expect(() => storableJson({ [text]: 1 })).toThrow(TypeError);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, undefined, () => 1])("has no JSON: %s", (value) => {
  expect(() => storableJson(value)).toThrow(TypeError);
});

test("bigints, bytes and dates as Postgres writes them", () => {
  expect(
    JSON.parse(
      storableJson({ big: 2n ** 63n, bytes: new Uint8Array([0, 255]), buffer: Buffer.from("a"), at: new Date(0), left: undefined }),
    ),
  ).toEqual({
    big: "9223372036854775808",
    bytes: "\\x00ff",
    buffer: "\\x61",
    at: "1970-01-01T00:00:00.000Z",
  });
});

test("what is odd is seen at any depth, and a circle is told of", () => {
  expect(() => storableJson([{ a: [{ b: Number.NaN }] }])).toThrow("not finite");
  expect(storableJson([{ a: [{ b: 1n, c: { toJSON: () => "own" } }] }])).toBe('[{"a":[{"b":"1","c":"own"}]}]');
  const circle: Record<string, unknown> = {};
  circle["self"] = { circle };
  expect(() => storableJson(circle)).toThrow(TypeError);
});
