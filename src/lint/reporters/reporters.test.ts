import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../spec/finding.js";
import { countSeverities, type LintReport } from "../report.js";
import { compactReporter } from "./compact.js";
import { displayWidth, graphemes } from "./display-text.js";
import { githubReporter } from "./github.js";
import { jsonReporter } from "./json.js";
import { reporters } from "./registry.js";
import { textReporter } from "./text.js";

const plain = { color: false, directory: "" };
const spec = `usecase: MoveInventory
summary: Überträgt 倉庫 stock.

state:
  source:
    table: inventoryBalance
`;
const file = "specs/move-inventory.usecase.yaml";

const unknownTable: Finding = {
  ruleId: "spec/unknown-reference",
  severity: "error",
  message: 'Table "inventoryBalance" is not in src/db/schema.ts.',
  file,
  line: 6,
  column: 12,
  endLine: 6,
  endColumn: 28,
  path: "state.source.table",
  suggestions: ["inventoryBalances"],
  related: [],
  fixable: false,
  fingerprint: "0123456789abcdef0123456789abcdef",
};
const warning: Finding = {
  ...unknownTable,
  ruleId: "docs/summary",
  severity: "warning",
  message: "The summary is odd.",
  line: 2,
  column: 20,
  endLine: 2,
  endColumn: 22,
  path: "summary",
  suggestions: [],
  help: "Write it again.",
};

function report(findings: readonly Finding[], sources: Readonly<Record<string, string>> = { [file]: spec }): LintReport {
  return {
    findings,
    summary: { files: 3, ...countSeverities(findings), fixed: 0, durationMs: 12 },
    source: (name) => sources[name],
  };
}

test("text shows the lines of a finding", () => {
  expect(textReporter.render(report([unknownTable]), plain)).toBe(`\
specs/move-inventory.usecase.yaml:6:12 error  Table "inventoryBalance" is not in src/db/schema.ts.  spec/unknown-reference
    5 |   source:
    6 |     table: inventoryBalance
      |            ^^^^^^^^^^^^^^^^ did you mean inventoryBalances?

1 error in 3 files.
`);
});

test("text puts the marks under wide characters, and help below", () => {
  expect(textReporter.render(report([warning]), plain)).toBe(`\
specs/move-inventory.usecase.yaml:2:20 warning  The summary is odd.  docs/summary
    1 | usecase: MoveInventory
    2 | summary: Überträgt 倉庫 stock.
      |                    ^^^^
      = Write it again.

1 warning in 3 files.
`);
});

test("text shows labels of several lines and files together", () => {
  const other = "specs/b.usecase.yaml";
  const cycle: Finding = {
    ...unknownTable,
    suggestions: [],
    message: "Locks in opposite orders.",
    related: [
      { message: "first here", file, line: 1, column: 10, endLine: 1, endColumn: 23 },
      { message: "and the other way round here", file: other, line: 2, column: 3, endLine: 3, endColumn: 4 },
    ],
  };
  expect(textReporter.render(report([cycle], { [file]: spec, [other]: "a:\n  state:\n    b: 1\n" }), plain)).toBe(`\
specs/move-inventory.usecase.yaml:6:12 error  Locks in opposite orders.  spec/unknown-reference
    1 | usecase: MoveInventory
      |          ------------- first here
      ⋮
    6 |     table: inventoryBalance
      |            ^^^^^^^^^^^^^^^^
  specs/b.usecase.yaml:2:3
    1 | a:
    2 |   state:
      |   ------ and the other way round here

1 error in 3 files.
`);
});

test("text makes control characters of a spec harmless", () => {
  const evil = { ...unknownTable, message: "\u001b[2J\u202eno", line: 1, column: 4, endColumn: 5, endLine: 1, suggestions: ["\u0007x"] };
  const output = textReporter.render(report([evil], { [file]: "a: \u001b[31mred\u200b\r\n" }), plain);
  expect(output).toContain("a: ␛[31mred�\n");
  expect(output).toContain("   ^ did you mean ␇x?");
  expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
});

test("text shows a long line around its label only", () => {
  const long = `${"x".repeat(500)} here ${"y".repeat(500)}`;
  const output = textReporter.render(
    report([{ ...unknownTable, line: 1, endLine: 1, column: 502, endColumn: 506, suggestions: [] }], { [file]: long }),
    plain,
  );
  const [, line = "", marks = ""] = output.split("\n");
  expect(line.length).toBeLessThan(200);
  expect(line.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1)).toBe("here");
});

test("text says when there is nothing, and survives a source that is gone", () => {
  expect(textReporter.render(report([]), plain)).toBe("✔ 3 files: nothing found.\n");
  expect(textReporter.render(report([unknownTable], {}), plain)).toContain("did you mean inventoryBalances?");
  expect(textReporter.render(report([{ ...unknownTable, line: 99, endLine: 99 }]), plain)).toContain("99:12 error");
});

test("text is coloured only when asked", () => {
  const colored = textReporter.render(report([unknownTable]), { ...plain, color: true });
  expect(colored).toContain("\u001b[31merror\u001b[39m");
  expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(textReporter.render(report([unknownTable]), plain));
});

test("json has every field, always", () => {
  expect(JSON.parse(jsonReporter.render(report([unknownTable]), plain))).toEqual({
    version: 1,
    findings: [{ ...unknownTable, help: null }],
    summary: { files: 3, errors: 1, warnings: 0, fixed: 0, durationMs: 12 },
  });
});

test("compact is one line per finding", () => {
  expect(compactReporter.render(report([warning, unknownTable]), plain)).toBe(
    `${file}:2:20 warning The summary is odd. docs/summary\n${file}:6:12 error Table "inventoryBalance" is not in src/db/schema.ts. (did you mean inventoryBalances?) spec/unknown-reference\n`,
  );
});

describe("a terminal", () => {
  const long = `summary: 倉庫 🇩🇪🇫🇷 é\tsource.quantity >= command.quantity && source.reservd == 0 && destination.quantty > 0 ${"&& true ".repeat(30)}`;
  const at = (word: string) => ({
    ...{ file, line: 1, column: long.indexOf(word) + 1, endLine: 1, endColumn: long.indexOf(word) + word.length + 1 },
  });
  const finding: Finding = {
    ...unknownTable,
    ...at("reservd"),
    suggestions: ["reserved"],
    related: [
      { message: "Here, too.", ...at("quantty") },
      { message: "And before.", ...at("倉庫") },
    ],
  };
  const rendered = (columns: number) => textReporter.render({ ...report([finding]), source: () => long }, { ...plain, columns });

  test.each([40, 60, 80, 120, 200, 400])("%i columns wide is kept to, and what is marked is above its marks", (columns) => {
    const lines = rendered(columns).split("\n");
    for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(columns);
    const marked = lines.flatMap((line, index) => {
      const [, before = "", marks = ""] = /^ {6}\| ( *)([-^]+)/.exec(line) ?? [];
      if (marks === "") return [];
      const above = lines.slice(0, index).findLast((text) => /^ +\d+ \|/.test(text)) ?? "";
      return [columnsOf(above.slice(8), before.length, marks.length)];
    });
    expect(marked.toSorted()).toEqual(["quantty", "reservd", "倉庫"]);
    expect(lines.join(" ").replace(/\s+(\| +)?/g, " ")).toContain("did you mean reserved?");
  });

  /** The characters in some columns. */
  function columnsOf(text: string, from: number, count: number): string {
    let column = 0;
    return [...graphemes(text)]
      .filter(({ segment }) => {
        const here = column;
        column += displayWidth(segment);
        return here >= from && here < from + count;
      })
      .map(({ segment }) => segment)
      .join("");
  }
});

test("github escapes, starts at the repository's root and puts the gravest first", () => {
  const odd: Finding = { ...unknownTable, file: "specs/a,b:c.usecase.yaml", message: "100 %\r\n::error::x", endLine: 7 };
  expect(githubReporter.render(report([warning, odd]), { ...plain, directory: "packages/shop/" })).toBe(
    [
      "::error file=packages/shop/specs/a%2Cb%3Ac.usecase.yaml,line=6,endLine=7,title=spec/unknown-reference::100 %25%0D%0A::error::x (did you mean inventoryBalances?)",
      `::warning file=packages/shop/${file},line=2,endLine=2,col=20,endColumn=22,title=docs/summary::The summary is odd.%0AWrite it again.`,
      "",
    ].join("\n"),
  );
});

test("github annotates ten errors and ten warnings, and keeps the others in the log without a command among them", () => {
  const errors = Array.from({ length: 12 }, (_, index) => ({
    ...unknownTable,
    line: index + 1,
    file: "::error::a.yaml",
    message: "##[debug]x",
  }));
  const warnings = Array.from({ length: 11 }, (_, index) => ({ ...warning, line: index + 1 }));
  const lines = githubReporter.render(report([...warnings, ...errors]), plain).split("\n");
  expect(lines.filter((line) => line.startsWith("::error ")).map((line) => /,line=(\d+)/.exec(line)?.[1])).toEqual(
    errors.slice(0, 10).map(({ line }) => `${line}`),
  );
  expect(lines.filter((line) => line.startsWith("::warning "))).toHaveLength(10);
  expect(lines.slice(20)).toEqual([
    "::group::2 more errors and 1 more warnings in the log of this step",
    "- ::error::a.yaml:11:12 error ## [debug]x (did you mean inventoryBalances?) spec/unknown-reference",
    "- ::error::a.yaml:12:12 error ## [debug]x (did you mean inventoryBalances?) spec/unknown-reference",
    `- ${file}:11:20 warning The summary is odd. docs/summary`,
    "::endgroup::",
    "::notice title=usecase lint::2 more errors and 1 more warnings in the log of this step",
    "",
  ]);
});

test("every reporter is registered once, in order", () => {
  const notReporters = ["code-frame.ts", "display-text.ts", "gravity.ts", "registry.ts", "reporter.ts", "style.ts", "suggestion.ts"];
  const files = readdirSync(import.meta.dirname).filter((name) => !name.endsWith(".test.ts") && !notReporters.includes(name));
  expect(reporters.map(({ name }) => `${name}.ts`)).toEqual(files.toSorted());
  for (const { render } of reporters) expect(render(report([]), plain)).not.toContain("undefined");
});
