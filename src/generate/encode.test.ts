import { describe, expect, test } from "vitest";
import { comment, commentLines, identifier, literal, numberLiteral, pathSegment, propertyKey, quoted } from "./encode.js";

/** What specs may try in order to become code. */
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: that is what is tried.
const hostile = [
  `"; globalThis.broken = true; "`,
  `'; globalThis.broken = true; '`,
  "`${globalThis.broken = true}`",
  "*/ globalThis.broken = true; /*",
  "\\",
  '\\"',
  "\\'",
  `'"'"'"`,
  `""""'`,
  "a\nb\r\nc",
  "a\u2028globalThis.broken = true\u2029b",
  "</script><script>",
  "\u202egnorw",
  "\ud800",
  "{{constructor}}",
  "${0}",
  "\0",
  "@ts-ignore",
  "{@link evil}",
  "//# sourceMappingURL=evil",
];
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: the rest is ours.

describe("literal", () => {
  test.each(hostile)("%j is a string and nothing else", (text) => {
    const code = literal(text);
    expect(code).not.toMatch(/[\n\r\u2028\u2029\u202e]/);
    expect(new Function(`return ${code};`)()).toBe(text);
    expect(globalThis).not.toHaveProperty("broken");
  });

  test.each([
    ["it's", `"it's"`],
    ['say "yes"', `'say "yes"'`],
    [`"it's"`, `'"it\\'s"'`],
    [["a", 1, null, true], '["a", 1, null, true]'],
    [{ a: { "b-c": [] } }, '{ a: { "b-c": [] } }'],
  ])("%j is %s", (value, code) => expect(literal(value)).toBe(code));

  test("a key __proto__ sets no prototype", () => {
    const value = JSON.parse('{"__proto__":{"admin":true}}');
    const read = new Function(`return (${literal(value)});`)();
    expect(Object.keys(read)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });

  test("has no form for what JSON has none for", () => expect(() => literal(undefined)).toThrow(/no literal/));
});

describe("comments", () => {
  test.each(hostile)("%j stays inside", (text) => {
    for (const code of [`/** ${comment(text)} */`, `/** ${quoted(text)} */`, `/**\n${commentLines(text).join("\n * ")}\n */`]) {
      expect(code.indexOf("*/")).toBe(code.length - 2);
      expect(new Function(`${code}\nreturn 1;`)()).toBe(1);
    }
    expect(comment(text)).not.toMatch(/[\n\r\u2028\u2029\u202e]/);
  });

  test.each([
    ["@ts-ignore", "\\@ts-ignore"],
    ["* @deprecated", "* \\@deprecated"],
    ["{@link x}", "{\\@link x}"],
    ["write to me@example.org", "write to me@example.org"],
    ["//# sourceMappingURL=x", "// # sourceMappingURL=x"],
  ])("%s is written %s", (text, code) => expect(comment(text)).toBe(code));

  test("keeps lines apart", () => expect(commentLines("\n a\r\n\nb\n")).toEqual(["a", "", "b"]));
});

test.each([
  [0, "0"],
  [999, "999"],
  [5000, "5_000"],
  [86_400, "86_400"],
  [1_234_567, "1_234_567"],
  [-12_345, "-12_345"],
  [0.5, "0.5"],
])("%d is written %s", (value, code) => expect(numberLiteral(value)).toBe(code));

test.each(["a b", "1a", "", "class", "await", "a-b", "a;b", "\u00e9"])("%j is no identifier", (name) =>
  expect(() => identifier(name)).toThrow(/cannot be a name/),
);
test.each(["..", ".", "a/b", "a\\b", "", "a\0", ".git", "a."])("%j is no part of a path", (name) =>
  expect(() => pathSegment(name)).toThrow(/cannot be a part of a path/),
);
test.each([
  ["draft", "draft"],
  ["in progress", '"in progress"'],
  ["1st", '"1st"'],
  ["__proto__", '["__proto__"]'],
])("the key %s is written %s", (name, code) => expect(propertyKey(name)).toBe(code));
