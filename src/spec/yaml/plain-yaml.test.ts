import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../model.js";
import { parseYaml } from "./parse-yaml.js";
import { plainYaml } from "./plain-yaml.js";
import { yamlValue } from "./yaml-value.js";

const specs = fileURLToPath(new URL("../../../specs", import.meta.url));
const texts = readdirSync(specs).map((file) => readFileSync(join(specs, file), "utf8"));

/** What the parser says of a text: its value, if nothing is wrong with it. */
function parsedValue(text: string): JsonValue | undefined {
  const { root, faults } = parseYaml(text);
  if (root === undefined || faults.length > 0) return undefined;
  const read = yamlValue(root, text);
  return read.faults.length > 0 ? undefined : read.value;
}

/** The same values, with the keys in the same order. */
const same = (text: string) => expect(JSON.stringify(plainYaml(text)), text).toBe(JSON.stringify(parsedValue(text)));

test("the sample specs are plain, and read as the parser reads them", () => {
  for (const text of texts) {
    expect(plainYaml(text)).toBeDefined();
    same(text);
  }
});

test.each([
  "a: 1\n",
  "a: -12\nb: 1.5\nc: 9007199254740991\n",
  "a: true\nb: false\nc: null\nd:\ne: x",
  "a:\n  b:\n    c: d\n  e: f\ng: h\n",
  "a:\n- b\n- c\nd: e\n",
  "a:\n  - b: c\n    d: e\n  - f\n  -\n    g: h\n",
  "a: { b: c, d: [e, f], g: {} }\nh: []\n",
  "a: 'it''s'\nb: \"a \\\"b\\\" \\n \\u00e9\"\n",
  "# comment\n\na: b # comment\n   # comment\nc: d#e\n",
  "a: b  c\nd: (a + b) * c\ne: 30s\nf: 2026-01-01\ng: x:y\n",
  "on: y\nno: yes\nname?: string\n$schema: x\n",
  "a: [1, 2.5, true, null, text]\n",
  "a: über\nb: 名\n",
  "a:\n  - # comment\n    b: c\n  - d # comment\n\n# comment",
  "a: b :c\nd: e:f#g\nh: { i: j:k, l: m) }\n",
  "a: 'b' # comment\nc: {  d: [ e,  f ]  }   \n",
  "a: null b\nc: -1d\ne: 1 f\ng: (1)\nh: /i\n",
])("plain: %j", (text) => {
  expect(plainYaml(text)).toBeDefined();
  same(text);
});

// What looks plain and is not, or is wrong: never the parser's business alone.
test.each([
  "a: b\n  c\n",
  "a: b\n\n  c\n",
  "a: 'b'\n  c: d\n",
  "a: { b: c,\n  d: e }\n",
  "a: |\n  b\n",
  "a: &b c\nd: *b\n",
  "a: !b c\n",
  "a: b\na: c\n",
  "a: { b: 1, b: 2 }\n",
  "a: { in: f(x, y) }\n",
  "a: b: c\n",
  "a: b:\n",
  "a: 1.0\nb: 0x1f\n",
  "a: 9007199254740993\n",
  "a: True\nb: NULL\nc: ~\n",
  "a: .5\nb: .inf\nc: +1\n",
  "null: a\n__proto__: b\n<<: c\n",
  "a: b\n c: d\n",
  "  a: b\nc: d\n",
  "a:\n    b: c\n  d: e\n",
  "a:\tb\n",
  "a: b\r\n",
  "--- \na: b\n",
  "a: b\n---\nc: d\n",
  "%YAML 1.2\n---\na: b\n",
  "- a\n",
  "a",
  "",
  "'a': b\n",
  "? a\n: b\n",
  "a: @b\nc: `d\n",
  "a: %b\n",
  "a: 'b\n",
  'a: "b\\q"\n',
  'a: "\\u0007"\n',
  "a: [b c: d]\n",
  "a: [b, ]\n",
  "a: { b }\n",
  "a: { b: }\n",
  "a: [b]c\n",
  "a: 'b'#c\n",
  "a: -\n",
  "a: - b\n",
  "a: - - b\n",
  "a: , b\n",
  `${"a: { ".repeat(1)}${"b: { ".repeat(70)}${"} ".repeat(71)}\n`,
])("left to the parser: %j", (text) => {
  expect(plainYaml(text)).toBeUndefined();
});

describe("changed specs", () => {
  // The same every time: a linear congruential generator.
  let seed = 20;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  const pieces = [
    ..."abcx01.-_?:#,'\"[]{}()!&*|>%@`~$\\/ \n\n  ",
    ": ",
    " #",
    "- ",
    "\n  ",
    "\n    ",
    "null",
    "true",
    "1.0",
    "\t",
    "\r",
    "<<",
    "é",
    "{ a: b }",
    "[a, b]",
    '"a\\n"',
  ];
  const change = (text: string): string => {
    const at = random(text.length);
    const piece = pieces[random(pieces.length)] ?? "";
    const cut = random(4) === 0 ? random(12) : random(3) === 0 ? 1 : 0;
    return text.slice(0, at) + (random(3) === 0 ? "" : piece) + text.slice(at + cut);
  };

  test("are read as the parser reads them, or left to it", () => {
    let plain = 0;
    const rounds = Number(process.env["FUZZ_ROUNDS"] ?? 4_000);
    for (let round = 0; round < rounds; round++) {
      // A short stretch, so that a change is not lost among what is sound.
      const lines = (texts[random(texts.length)] ?? "").split("\n");
      const from = random(lines.length);
      let text = lines.slice(from, from + 2 + random(8)).join("\n");
      text = text.replace(/^ */, "");
      for (let count = random(3); count >= 0; count--) text = change(text);
      const value = plainYaml(text);
      if (value === undefined) continue;
      plain += 1;
      same(text);
    }
    expect(plain).toBeGreaterThan(rounds / 20);
  });
});
