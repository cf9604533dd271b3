import { expect, test } from "vitest";
import { readSuppressions } from "./suppressions.js";

test.each([
  ["with a reason", "# usecase-lint-disable-next-line a/b -- because", { rules: ["a/b"], reason: "because", target: 2, columns: [34] }],
  [
    "several rules",
    "  #usecase-lint-disable-next-line a/b, c/d -- x -- y",
    { rules: ["a/b", "c/d"], reason: "x -- y", target: 2, columns: [35, 40] },
  ],
  ["no reason", "# usecase-lint-disable-next-line a/b", { rules: ["a/b"], reason: "", target: 2, columns: [34] }],
  ["an empty reason", "# usecase-lint-disable-next-line a/b --  ", { rules: ["a/b"], reason: "", target: 2, columns: [34] }],
  ["no rule", "# usecase-lint-disable-next-line -- because", { rules: [], reason: "because", target: 2, columns: [] }],
  [
    "comments between",
    "# usecase-lint-disable-next-line a/b -- x\n\n  # more\nkey: 1",
    { rules: ["a/b"], reason: "x", target: 4, columns: [34] },
  ],
  [
    "Windows line ends",
    "# usecase-lint-disable-next-line a/b -- x\r\nkey: 1\r\n",
    { rules: ["a/b"], reason: "x", target: 2, columns: [34] },
  ],
])("reads one %s", (_, text, expected) => {
  const [found, ...more] = readSuppressions("a.yaml", text);
  expect(more).toEqual([]);
  expect({
    rules: found?.rules.map(({ id }) => id),
    reason: found?.reason,
    target: found?.target,
    columns: found?.rules.map(({ column }) => column),
  }).toEqual(expected);
});

test.each([["key: 1 # usecase-lint-disable-next-line a/b -- x"], ["# usecase-lint-disable-next-lines a/b"], ["# nothing"], [""]])(
  "does not read %j",
  (text) => {
    expect(readSuppressions("a.yaml", text)).toEqual([]);
  },
);
