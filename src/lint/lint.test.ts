import { describe, expect, test } from "vitest";
import type { Problem } from "../spec/finding.js";
import type { LoadedProject } from "../spec/load-project.js";
import type { Config, Project } from "../spec/model.js";
import { ToolError } from "../spec/tool-error.js";
import { lint } from "./lint.js";

const config: Config = {
  file: "usecase.config.yaml",
  specs: "specs",
  schema: ["schema.ts"],
  out: "out",
  migrations: "drizzle",
  casing: undefined,
  format: undefined,
  tables: { schema: undefined, migrations: "drizzle" },
  lockOrder: [],
  tenant: undefined,
  version: undefined,
  session: {},
  secretColumns: {},
  claims: [],
  transaction: { lockTimeoutMs: 1, statementTimeoutMs: 2, retries: 0 },
  services: undefined,
  rows: {},
  imports: ".js",
  templates: undefined,
  rules: {},
};

/** A project without use cases whose files have these problems; a problem's path is its line, its span the columns. */
function loaded(texts: Readonly<Record<string, string>>, problems: readonly Problem[], rules: Config["rules"] = {}): LoadedProject {
  const project: Project = { root: "/nowhere", config: { ...config, rules }, useCases: [], machines: [], types: [], schema: undefined };
  return {
    project,
    problems,
    partial: [],
    sources: {
      files: Object.keys(texts).toSorted(),
      text: (file) => texts[file],
      offsets: () => undefined,
      locate({ file, path, span }) {
        const line = Number(path.at(-1));
        return { file, line, column: (span?.start ?? 0) + 1, endLine: line, endColumn: (span?.end ?? 1) + 1 };
      },
    },
  };
}

function problem(ruleId: string, line: number, more: Partial<Problem> = {}): Problem {
  return { ruleId, severity: "error", message: "It is wrong.", place: { file: "a.yaml", path: ["state", line] }, ...more };
}

const summary = (project: LoadedProject) => lint(project).map(({ ruleId, severity, line }) => `${line} ${severity} ${ruleId}`);

test("findings are sorted by place and told once", () => {
  const problems = [problem("state/not-unique", 3), problem("policy/missing", 1), problem("state/not-unique", 3), problem("event/key", 3)];
  expect(summary(loaded({ "a.yaml": "a\nb\nc\n" }, problems))).toEqual([
    "1 error policy/missing",
    "3 error event/key",
    "3 error state/not-unique",
  ]);
});

describe("severities", () => {
  const text = { "a.yaml": "a\n" };
  test("come from the configuration", () => {
    const problems = [problem("state/not-unique", 1), problem("policy/missing", 1)];
    expect(summary(loaded(text, problems, { "state/not-unique": "warning", "policy/missing": "off" }))).toEqual([
      "1 warning state/not-unique",
    ]);
  });

  test("come from the run before the configuration", () => {
    const project = loaded(text, [problem("state/not-unique", 1)], { "state/not-unique": "off" });
    expect(lint(project, { rules: { "state/not-unique": "warning" } })).toMatchObject([{ severity: "warning" }]);
  });

  test.each([
    [{ "state/not-uniqe": "off" }, {}, /^usecase\.config\.yaml:\S+ There is no rule/, "Did you mean state/not-unique?"],
    [{ "spec/schema": "off" }, {}, /^usecase\.config\.yaml:\S+ Rule spec\/schema cannot be changed/, expect.any(String)],
    [{}, { "zzz/zzz": "off" }, /^There is no rule/, "`usecase rules` lists them all."],
    [{}, { "spec/unknown-reference": "warning" }, /^Rule spec\/unknown-reference cannot be changed/, expect.any(String)],
  ] as const)("of %j and %j are refused", (configured, forThisRun, message, help) => {
    const refused = () => lint(loaded(text, [], configured), { rules: forThisRun });
    expect(refused).toThrow(ToolError);
    expect(refused).toThrow(message);
    expect(refused).toThrow(expect.objectContaining({ help }));
  });
});

describe("suppressions", () => {
  const disable = "# usecase-lint-disable-next-line";
  test.each([
    ["the named rule on the next line", `${disable} state/not-unique -- why\nb\n`, ["2 error policy/missing"]],
    ["several rules", `${disable} state/not-unique, policy/missing -- why\nb\n`, []],
    [
      "nothing on the line after",
      `${disable} state/not-unique -- why\na\nb\n`,
      ["1 warning lint/unused-suppression", "3 error policy/missing", "3 error state/not-unique"],
    ],
    ["with a reason only", `${disable} state/not-unique\nb\n`, ["1 error lint/suppression-reason", "2 error policy/missing"]],
    [
      "no rule that is unknown",
      `${disable} state/not-uniqu -- why\nb\n`,
      ["1 warning lint/unused-suppression", "2 error policy/missing", "2 error state/not-unique"],
    ],
    [
      "not without a rule",
      `${disable} -- why\nb\n`,
      ["1 warning lint/unused-suppression", "2 error policy/missing", "2 error state/not-unique"],
    ],
  ])("suppress %s", (_, text, expected) => {
    const line = text.trimEnd().split("\n").length;
    expect(summary(loaded({ "a.yaml": text }, [problem("state/not-unique", line), problem("policy/missing", line)]))).toEqual(expected);
  });

  test("do not hide what generated code relies on", () => {
    const text = `${disable} spec/schema -- because\nb\n`;
    expect(summary(loaded({ "a.yaml": text }, [problem("spec/schema", 2)]))).toEqual([
      "1 warning lint/unused-suppression",
      "2 error spec/schema",
    ]);
  });

  test("of a rule that is off are not unused", () => {
    const text = `${disable} state/not-unique -- because\nb\n`;
    expect(summary(loaded({ "a.yaml": text }, [], { "state/not-unique": "off" }))).toEqual([]);
  });
});

describe("fingerprints", () => {
  const print = (text: string, line: number, more: Partial<Problem> = {}) => {
    const place = { file: "a.yaml", path: ["policies", line], span: { start: 0, end: 3 } };
    return lint(loaded({ "a.yaml": text }, [problem("state/not-unique", line, { place, ...more })]))[0]?.fingerprint;
  };

  test("survive edits elsewhere and a change of wording", () => {
    expect(print("abc\n", 1)).toMatch(/^[0-9a-f]{32}$/);
    expect(print("x\ny\nabc\n", 3, { message: "It is odd." })).toBe(print("abc\n", 1));
  });

  test("change with what they are about", () => {
    expect(print("abd\n", 1)).not.toBe(print("abc\n", 1));
    expect(print("abc\n", 1, { ruleId: "policy/missing" })).not.toBe(print("abc\n", 1));
  });

  test("tell equal findings apart", () => {
    const problems = [1, 2].map((line) => problem("state/not-unique", line));
    const [first, second] = lint(loaded({ "a.yaml": "a\na\n" }, problems));
    expect(first?.fingerprint).not.toBe(second?.fingerprint);
  });
});
