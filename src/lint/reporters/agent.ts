import type { Finding } from "../../spec/finding.js";
import { visible } from "./display-text.js";
import type { Reporter } from "./reporter.js";

/** For programs that read the findings and edit the files: all that is known, nothing drawn. */
export const agentReporter: Reporter = {
  name: "agent",
  summary: "terse, for programs that repair: place, rule, message, suggestions, help",
  render({ findings, summary }) {
    const { errors, warnings, files } = summary;
    return [...findings.flatMap(linesOf), `errors: ${errors}, warnings: ${warnings}, files: ${files}`, ""].join("\n");
  },
};

function linesOf(finding: Finding): readonly string[] {
  const { file, line, column, severity, ruleId, message, path, suggestions, help, related, fixable } = finding;
  return [
    `${file}:${line}:${column} ${severity} ${ruleId} ${message}`,
    ...(path === "" ? [] : [`  path: ${path}`]),
    ...(suggestions.length > 0 ? [`  suggestions: ${suggestions.join(", ")}`] : []),
    ...(help === undefined ? [] : [`  help: ${help}`]),
    ...related.map((other) => `  related: ${other.file}:${other.line}:${other.column} ${other.message}`),
    ...(fixable ? ["  fixable: usecase lint --fix"] : []),
  ].map(visible);
}
