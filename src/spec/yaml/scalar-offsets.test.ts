import { describe, expect, test } from "vitest";
import { isMap, isScalar, parseDocument, type Scalar } from "yaml";
import { scalarOffsets } from "./scalar-offsets.js";

/** `key: <scalar>`, the scalar's value and, for each of its units, the text that it is written as. */
function written(text: string): { value: string; pieces: string[] } {
  const root = parseDocument(text).contents;
  const node = isMap(root) ? root.items[0]?.value : undefined;
  if (!isScalar(node)) throw new Error("no scalar");
  const offsets = scalarOffsets(node as Scalar, text);
  if (offsets === undefined) throw new Error("no offsets");
  const value = String(node.value);
  expect(offsets).toHaveLength(value.length + 1);
  return { value, pieces: Array.from(value, (_, index) => text.slice(offsets[index], offsets[index + 1])) };
}

describe("each character of the value is where it is written", () => {
  test.each([
    ["plain", "a: source.quantity >= 1\n"],
    ["plain, quotes inside", "a: order.status == 'draft'\n"],
    ["single-quoted", "a: 'x == y'\n"],
    ["double-quoted", 'a: "x == y"\n'],
    ["literal block", "a: |\n  one\n  two\n"],
    ["literal block, CRLF", "a: |\r\n  one\r\n  two\r\n"],
    ["literal block, kept and stripped", "a: |+\n  one\n\n"],
    ["literal block, stripped", "a: |-\n  one\n"],
    ["literal block, deeper lines and empty ones", "a: |\n  one\n\n    two\n  three\n"],
    ["literal block with a comment in its header", "a: | # why\n  one\n"],
    ["literal block, its indentation given", "a: |2\n  one\n"],
    ["literal block that begins further in than it is indented", "a: |2-\n    one\n  two\n"],
  ])("%s", (_, text) => {
    const { value, pieces } = written(text);
    for (const [index, piece] of pieces.entries()) {
      if (value[index] !== "\n") expect(piece.charAt(0)).toBe(value[index]);
      else expect(piece).toContain("\n");
    }
  });

  test.each([
    // name, text, a part of the value, the same part as written
    ["after an escaped quote", `a: "x == \\"why\\" && z"\n`, "&& z", "&& z"],
    ["an escaped quote", `a: "x == \\"why\\" && z"\n`, '"why"', '\\"why\\"'],
    ["after a doubled quote", "a: 'it''s x'\n", "s x", "s x"],
    ["a doubled quote", "a: 'it''s x'\n", "t's", "t''s"],
    ["an escape by number", 'a: "\\u0041b"\n', "Ab", "\\u0041b"],
    ["after a folded plain line", "a: one\n  two\n", "two", "two"],
    ["over a folded plain line", "a: one\n  two\n", "e t", "e\n  t"],
    ["over an empty plain line", "a: one\n\n  two\n", "e\nt", "e\n\n  t"],
    ["after a folded quoted line", 'a: "one  \n  two"\n', "two", "two"],
    ["after a line that goes on", 'a: "one\\\n  two"\n', "two", "two"],
    ["after a folded block line", "a: >\n  one\n  two\n", "two", "two"],
    ["over a folded block line", "a: >\r\n  one\r\n  two\r\n", "e t", "e\r\n  t"],
    ["after an empty line in a folded block", "a: >-\n  one\n\n  two\n", "two", "two"],
    ["after a further indented line of a folded block, its indentation given", "a: >1\n  one\n two\n three\n", "three", "three"],
    ["in a further indented line of a folded block", "a: >-\n  one\n    two\n  three\n", "three", "three"],
  ])("%s", (_, text, part, asWritten) => {
    const { value, pieces } = written(text);
    const start = value.indexOf(part);
    expect(start).toBeGreaterThan(-1);
    expect(pieces.slice(start, start + part.length).join("")).toBe(asWritten);
  });

  test("a character of two units", () => {
    const text = 'a: "😀x"\n';
    const node = (parseDocument(text).contents as unknown as { items: { value: Scalar }[] }).items[0]?.value;
    expect(node && scalarOffsets(node, text)).toEqual([4, 5, 6, 7]);
  });
});
