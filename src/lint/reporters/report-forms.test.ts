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

// What the schema of Jenkins' xunit plugin (junit-10.xsd) allows of elements and attributes; and the order of children that older ones want.
test("junit has the elements and attributes that its readers know", () => {
  const children: Readonly<Record<string, readonly string[]>> = {
    testsuites: ["testsuite"],
    testsuite: ["properties", "testcase", "system-out", "system-err"],
    testcase: ["skipped", "error", "failure", "system-out", "system-err"],
    failure: [],
    "system-out": [],
  };
  const attributes: Readonly<Record<string, { readonly required: readonly string[]; readonly optional: readonly string[] }>> = {
    testsuites: { required: [], optional: ["name", "time", "tests", "failures", "errors"] },
    testsuite: {
      required: ["name", "tests", "failures", "errors"],
      optional: ["group", "time", "skipped", "timestamp", "hostname", "id", "package", "file", "log", "url"],
    },
    testcase: { required: ["name"], optional: ["time", "classname", "group"] },
    failure: { required: [], optional: ["message", "type"] },
    "system-out": { required: [], optional: [] },
  };
  for (const findings of [[], [unused], [unused, unknown]]) {
    const xml = junitReporter.render(report(...findings), options);
    const open: { readonly name: string; readonly inside: string[] }[] = [];
    const counts = new Map<string, number>();
    for (const [, closing, name = "", given = "", alone] of xml.matchAll(/<(\/?)([\w-]+)((?:\s+[\w-]+="[^"<]*")*)\s*(\/?)>/g)) {
      if (closing) {
        expect(open.pop()?.name).toBe(name);
        continue;
      }
      counts.set(name, (counts.get(name) ?? 0) + 1);
      const parent = open.at(-1);
      if (parent === undefined) expect(name).toBe("testsuites");
      else {
        const allowed = children[parent.name] ?? [];
        expect(allowed, parent.name).toContain(name);
        parent.inside.push(name);
        const places = parent.inside.map((each) => allowed.indexOf(each));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }
      const { required = [], optional = [] } = attributes[name] ?? {};
      const said = Array.from(given.matchAll(/([\w-]+)="/g), ([, attribute = ""]) => attribute);
      expect(new Set(said).size).toBe(said.length);
      expect(said, name).toEqual(expect.arrayContaining([...required]));
      expect([...required, ...optional], name).toEqual(expect.arrayContaining(said));
      for (const [, number] of given.matchAll(/ (?:tests|failures|errors|skipped|time)="([^"]*)"/g))
        expect(number).toMatch(/^\d+(\.\d+)?$/);
      if (!alone) open.push({ name, inside: [] });
    }
    expect(open).toEqual([]);
    expect(counts.get("testcase")).toBe(Math.max(findings.length, 1));
    expect(xml.replace(/<[^<>]*>/g, "")).not.toMatch(/<\/?[a-z]/);
  }
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
