import { expect, test } from "vitest";
import { parseYaml } from "./parse-yaml.js";

const behind =
  "writes: { orders: { update: [total] } }\nresult:\n  a: string\n  b: { type: integer }\naudit: { subject: { type: Card } }\n";

test.each<readonly [string, string, readonly string[]]>([
  ["an index inside { }", "with: { key: command.cards[0].number }\n", ["1:27"]],
  ["two of them in two places", "with: { a: x[0].y }\nother: { b: z[1].w, c: 1 }\n", ["1:13", "2:14"]],
  ["two of them on one line", "with: { a: x[0].y, b: z[1].w }\n", ["1:13", "1:24"]],
  ["one inside { } over lines", "with: {\n  a: x[0].y,\n  b: 1\n}\n", ["2:7"]],
  ["a list and what follows it", "with: { a: x in ['a', 'b'] }\n", ["1:17"]],
  ["a bracket too many", "with: { a: 1 } }\n", ["1:16"]],
  ["one after which another error stands", "with: { a: x[0].y }\nrule: a: b\n", ["1:13", "2:7"]],
])("one mistake is told once: %s", (_, text, expected) => {
  const { faults } = parseYaml(text + behind);
  const places = faults.map(({ start }) => {
    const before = (text + behind).slice(0, start).split("\n");
    return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  });
  expect(places).toEqual(expected);
});

test("a long file full of them is read in a bounded time", () => {
  const lines = Array.from({ length: 2_000 }, (_, index) => `k${index}: { a: x[0].y }\n`);
  expect(parseYaml(lines.join("")).faults.length).toBeLessThanOrEqual(20);
});
