import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { keyOrderProblem } from "./key-order.js";
import { inOrder } from "./yaml/in-order.js";
import { readYaml } from "./yaml/read-yaml.js";

const repaired = (text: string): string | undefined => {
  const fix = keyOrderProblem(readYaml("a.usecase.yaml", text))?.fix;
  return fix && text.slice(0, fix.start) + fix.text + text.slice(fix.end);
};

test.each([
  [
    "parts move with their comments; empty lines, the file's head and its end stay",
    `# yaml-language-server: $schema=x
# About the use case.
usecase: A

# About the file's middle.

# What changes.
writes: { a: [insert] } # here
# What must hold,
# in order.
policies:
  # the first
  - rule: a

  # after it
state:
- odd: 1

# The end.
`,
    `# yaml-language-server: $schema=x
# About the use case.
usecase: A

state:
- odd: 1
# What must hold,
# in order.
policies:
  # the first
  - rule: a

  # after it
# About the file's middle.

# What changes.
writes: { a: [insert] } # here

# The end.
`,
  ],
  [
    "settings go to the end, a file without a last line's end has none",
    "tx: read\nstate: {}\nusecase: A",
    "usecase: A\nstate: {}\ntx: read",
  ],
  ["Windows line ends", "state: {}\r\n\r\nusecase: A\r\n", "usecase: A\r\n\r\nstate: {}\r\n"],
  [
    "texts over several lines",
    "state: {}\nsummary: |\n  a\n\n  # b\nusecase: >-\n  A\n",
    "usecase: >-\n  A\nsummary: |\n  a\n\n  # b\nstate: {}\n",
  ],
  ["brackets that are closed at the left", "state: {\n}\nusecase: A\n", "usecase: A\nstate: {\n}\n"],
  ["an anchor and its alias", "state: { a: &a { b: 1 }, c: *a }\nusecase: A\n", undefined],
  ["names in quotes", '"state": {}\nusecase: A\n', undefined],
  ["all on one line", "{ state: {}, usecase: A }\n", undefined],
  ["a last line that lacks what the others end with", "state: {}\r\nusecase: A", undefined],
])("%s", (_, text, expected) => {
  expect(keyOrderProblem(readYaml("a.usecase.yaml", text))).toMatchObject({ ruleId: "spec/key-order" });
  expect(repaired(text)).toBe(expected);
  if (expected !== undefined) expect(keyOrderProblem(readYaml("a.usecase.yaml", expected))).toBeUndefined();
});

test.each(["usecase: A\ntags: [a]\ntransaction: {}\nstate: {}\nowner: me\n", "usecase: A\n", "other: 1\n"])("%j is in order", (text) => {
  expect(keyOrderProblem(readYaml("a.usecase.yaml", text))).toBeUndefined();
});

const specs = fileURLToPath(new URL("../../specs", import.meta.url));
test("every sample spec, turned around, comes back as it was", () => {
  const files = readdirSync(specs, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".usecase.yaml"));
  expect(files.length).toBeGreaterThan(5);
  for (const file of files) {
    const text = readFileSync(`${specs}/${file}`, "utf8");
    const keys = Object.keys(readYaml(file, text).value as object);
    const turned = inOrder(text, keys, keys.toReversed()) ?? "";
    expect(turned).not.toBe(text);
    expect(repaired(turned)).toBe(text);
  }
});
