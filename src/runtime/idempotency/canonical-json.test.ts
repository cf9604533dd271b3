import { expect, test } from "vitest";
import { canonicalJson } from "./canonical-json.js";

test.each([
  // The examples of RFC 8785, sections 3.2.2 and 3.2.3.
  [
    {
      numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
      literals: [null, true, false],
    },
    '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
  ],
  [
    { "\u20ac": "Euro", "\r": "CR", "\ufb33": "Hebrew", "1": "One", "\ud83d\ude00": "Emoji", "\u0080": "Control", "\u00f6": "Latin" },
    '{"\\r":"CR","1":"One","\u0080":"Control","ö":"Latin","€":"Euro","😀":"Emoji","\ufb33":"Hebrew"}',
  ],
  [{ b: undefined, a: [undefined] }, '{"a":[null]}'],
  [-0, "0"],
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
])("%j", (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test("the order of members does not matter, that of elements does", () => {
  expect(canonicalJson({ a: { c: 1, b: 2 }, d: [1, 2] })).toBe(canonicalJson({ d: [1, 2], a: { b: 2, c: 1 } }));
  expect(canonicalJson([1, 2])).not.toBe(canonicalJson([2, 1]));
});

test("what JSON has no word for is refused", () => {
  expect(() => canonicalJson({ a: 1n })).toThrow(TypeError);
  expect(() => canonicalJson(() => 1)).toThrow(TypeError);
});
