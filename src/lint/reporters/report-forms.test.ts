// The forms that other programs read, each held to what its reader wants.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import AjvDraft04Module from "ajv-draft-04";
import addFormatsModule from "ajv-formats";
import { describe, expect, test } from "vitest";
import type { Finding } from "../../spec/finding.js";
import { rules } from "../registry.js";
import { countSeverities, type LintReport } from "../report.js";
import { agentReporter } from "./agent.js";
import { gitlabReporter } from "./gitlab.js";
import { junitReporter } from "./junit.js";
import type { ReporterOptions } from "./reporter.js";
import { sarifReporter } from "./sarif.js";

// CommonJS, whose default export is the one that TypeScript does not see.
const AjvDraft04 = AjvDraft04Module as unknown as typeof AjvDraft04Module.default;
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

const options: ReporterOptions = { color: false, directory: "packages/shop/", rules, version: "1.2.3" };

const unused: Finding = {
  ruleId: "state/unused",
  severity: "warning",
  message: 'Nobody reads <source> & "co".',
  file: "specs/a b#1.usecase.yaml",
  line: 6,
  column: 3,
  endLine: 6,
  endColumn: 9,
  path: "state.source",
  suggestions: [],
  help: "Leave it out.",
  related: [],
  fixable: false,
  fingerprint: "0123456789abcdef0123456789abcdef",
};
const unknown: Finding = {
  ...unused,
  ruleId: "spec/unknown-reference",
  severity: "error",
  message: "There is no table \u001b[31m\u0000.",
  suggestions: ["orders"],
  fixable: true,
  related: [{ message: "Here too.", file: "specs/b.usecase.yaml", line: 1, column: 1, endLine: 2, endColumn: 1 }],
  fingerprint: "1123456789abcdef0123456789abcdef",
};

function report(...findings: readonly Finding[]): LintReport {
  return { findings, summary: { files: 3, ...countSeverities(findings), fixed: 0, durationMs: 12 }, source: () => undefined };
}

describe("sarif", () => {
  // The standard's own schema; `sarif-2.1.0-rtm.5` is what became 2.1.0, and names an older address of itself.
  const schema = JSON.parse(
    readFileSync(createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8"),
  );
  const validate = addFormats(new AjvDraft04({ strict: false, unicodeRegExp: false })).compile(schema);
  const render = (...findings: readonly Finding[]) => JSON.parse(sarifReporter.render(report(...findings), options));

  test("is of its schema, with findings and without", () => {
    for (const sarif of [render(), render(unused, unknown)]) {
      validate(sarif);
      expect(validate.errors).toBeNull();
    }
  });

  test("puts the gravest first, with rule, place from the repository's root and fingerprint", () => {
    const [run] = render(unused, unknown).runs;
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(["spec/unknown-reference", "state/unused"]);
    expect(run.results.map(({ ruleIndex, level: grade }: { ruleIndex: number; level: string }) => [ruleIndex, grade])).toEqual([
      [0, "error"],
      [1, "warning"],
    ]);
    expect(run.results[0]).toMatchObject({
      message: { text: expect.stringContaining("Did you mean orders?") },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "packages/shop/specs/a%20b%231.usecase.yaml" },
            region: { startLine: 6, endColumn: 9 },
          },
        },
      ],
      relatedLocations: [{ id: 0, message: { text: "Here too." } }],
      partialFingerprints: { "usecaseFinding/v1": unknown.fingerprint },
    });
  });

  test("keeps to the number of results that GitHub takes, and says so", () => {
    const many = Array.from({ length: 25_001 }, () => unused);
    const [run] = render(...many, unknown).runs;
    expect(run.results).toHaveLength(25_000);
    expect(run.results[0].level).toBe("error");
    expect(run.invocations[0].toolExecutionNotifications[0].message.text).toContain("2 less grave");
  });
});

test("gitlab has the fields of a Code Quality report", () => {
  expect(JSON.parse(gitlabReporter.render(report(), options))).toEqual([]);
  expect(JSON.parse(gitlabReporter.render(report(unused, unknown), options))).toMatchObject([
    {
      description: 'Nobody reads <source> & "co". Leave it out.',
      check_name: "state/unused",
      fingerprint: unused.fingerprint,
      severity: "minor",
      location: { path: "packages/shop/specs/a b#1.usecase.yaml", lines: { begin: 6, end: 6 } },
    },
    { severity: "major" },
  ]);
});

test("junit is XML that says what failed, whatever is in the messages", () => {
  expect(junitReporter.render(report(unused, unknown), options)).toBe(`\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="usecase lint" tests="2" failures="1" errors="0" time="0.012">
  <testsuite name="specs/a b#1.usecase.yaml" tests="2" failures="1" errors="0" skipped="0" time="0">
    <testcase name="state/unused 6:3" classname="specs/a b#1.usecase.yaml" time="0"><system-out>specs/a b#1.usecase.yaml:6:3 Nobody reads &lt;source&gt; &amp; &quot;co&quot;.
Leave it out.</system-out></testcase>
    <testcase name="spec/unknown-reference 6:3" classname="specs/a b#1.usecase.yaml" time="0"><failure message="There is no table \ufffd[31m\ufffd." type="spec/unknown-reference">specs/a b#1.usecase.yaml:6:3 There is no table \ufffd[31m\ufffd.
Did you mean orders?
Leave it out.</failure></testcase>
  </testsuite>
</testsuites>
`);
  expect(junitReporter.render(report(), options)).toContain('<testcase name="nothing found"');
});

test("agent says all there is, without a control character", () => {
  expect(agentReporter.render(report(unknown), options)).toBe(`\
specs/a b#1.usecase.yaml:6:3 error spec/unknown-reference There is no table ␛[31m␀.
  path: state.source
  suggestions: orders
  help: Leave it out.
  related: specs/b.usecase.yaml:1:1 Here too.
  fixable: usecase lint --fix
errors: 1, warnings: 0, files: 3
`);
});
