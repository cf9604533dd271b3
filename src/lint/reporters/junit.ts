import type { Finding } from "../../spec/finding.js";
import type { Reporter } from "./reporter.js";
import { adviceText } from "./suggestion.js";

/** JUnit XML: a suite per file with findings. An error fails its test case; a warning is only told in it. */
export const junitReporter: Reporter = {
  name: "junit",
  summary: "JUnit XML, for test reports",
  render({ findings, summary }) {
    const files = [...new Set(findings.map(({ file }) => file))];
    const suites = files.map((file) =>
      suite(
        file,
        findings.filter((finding) => finding.file === file),
      ),
    );
    const sound = findings.length === 0 ? [suite(`${summary.files} files`, [])] : [];
    const tests = Math.max(findings.length, 1);
    return [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites name="usecase lint" tests="${tests}" failures="${summary.errors}" errors="0" time="${seconds(summary.durationMs)}">`,
      ...suites,
      ...sound,
      "</testsuites>",
      "",
    ].join("\n");
  },
};

function suite(file: string, findings: readonly Finding[]): string {
  const failures = findings.filter(({ severity }) => severity === "error").length;
  const cases =
    findings.length === 0 ? [`    <testcase name="nothing found" classname="usecase lint" time="0" />`] : findings.map(testCase);
  const counts = `tests="${Math.max(findings.length, 1)}" failures="${failures}" errors="0" skipped="0" time="0"`;
  return [`  <testsuite name="${escaped(file)}" ${counts}>`, ...cases, "  </testsuite>"].join("\n");
}

function testCase(finding: Finding): string {
  const { ruleId, file, line, column, message, severity } = finding;
  const text = [`${file}:${line}:${column} ${message}`, ...adviceText(finding)].map(escaped).join("\n");
  const told =
    severity === "error"
      ? `<failure message="${escaped(message)}" type="${escaped(ruleId)}">${text}</failure>`
      : `<system-out>${text}</system-out>`;
  return `    <testcase name="${escaped(`${ruleId} ${line}:${column}`)}" classname="${escaped(file)}" time="0">${told}</testcase>`;
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** XML 1.0 has no way to write most control characters. A line break stays in its line: no line begins with what a spec says. */
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
    .replace(/[&<>"']/g, (character) => entities[character] ?? character)
    .replaceAll("\r", "&#13;")
    .replaceAll("\n", "&#10;");
}

const seconds = (milliseconds: number) => (milliseconds / 1_000).toFixed(3);
