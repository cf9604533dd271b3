import { expect, test } from "vitest";
import { type ArrayText, arrayText, parseArrayText } from "./array-text.js";

const cases: readonly (readonly [ArrayText, string])[] = [
  [[], "{}"],
  [["a", null, ""], '{"a",NULL,""}'],
  [["NULL", "null"], '{"NULL","null"}'],
  [["a,b", 'say "x"', "back\\slash", "{}", " "], '{"a,b","say \\"x\\"","back\\\\slash","{}"," "}'],
  [
    [
      ["1", "2"],
      ["3", null],
    ],
    '{{"1","2"},{"3",NULL}}',
  ],
  [["line\nbreak", "ünï😀"], '{"line\nbreak","ünï😀"}'],
];

test.each(cases)("%j", (elements, text) => {
  expect(arrayText(elements)).toBe(text);
  expect(parseArrayText(text)).toEqual(elements);
});

test.each([
  ["{1,2,NULL}", ["1", "2", null]],
  [
    "{{1,2},{3,4}}",
    [
      ["1", "2"],
      ["3", "4"],
    ],
  ],
  ["[0:1]={a,b}", ["a", "b"]],
  ["{a b,c}", ["a b", "c"]],
])("what Postgres writes without quotes: %s", (text, elements) => {
  expect(parseArrayText(text)).toEqual(elements);
});

test.each(["", "x", "{a", '{"a'])("not an array: %j", (text) => {
  expect(() => parseArrayText(text)).toThrow(SyntaxError);
});
