import type { Finding } from "../../spec/finding.js";
import type { Severity } from "../../spec/model.js";
import { compactLine } from "./compact.js";
import { visible } from "./display-text.js";
import { gravestFirst } from "./gravity.js";
import type { Reporter } from "./reporter.js";
import { didYouMean } from "./suggestion.js";

/** GitHub shows so many annotations of a step, of each severity. */
const mostAnnotations = 10;

/** Ends of lines are for the host; other control characters would be for the terminal of whoever reads the log. */
const escapeData = (text: string) => visible(text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A"));
const escapeProperty = (text: string) => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/**
 * Workflow commands: annotations on the lines of a pull request, the gravest first. Those that GitHub would not show
 * stand in the step's log, and a notice says how many.
 */
export const githubReporter: Reporter = {
  name: "github",
  summary: "annotations for GitHub Actions (chosen by itself there)",
  render({ findings }, { directory }) {
    const sorted = gravestFirst(findings);
    const of = (severity: Severity) => sorted.filter((finding) => finding.severity === severity);
    const annotated = [...of("error").slice(0, mostAnnotations), ...of("warning").slice(0, mostAnnotations)];
    const left = sorted.filter((finding) => !annotated.includes(finding));
    return [...annotated.map((finding) => annotation(finding, directory)), ...remainder(left)].map((line) => `${line}\n`).join("");
  },
};

function annotation(finding: Finding, directory: string): string {
  const { severity, file, line, column, endLine, endColumn, ruleId } = finding;
  const properties = { file: `${directory}${file}`, line, endLine, ...(line === endLine && { col: column, endColumn }), title: ruleId };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  return `::${severity} ${list.join(",")}::${escapeData(messageOf(finding))}`;
}

function remainder(left: readonly Finding[]): readonly string[] {
  if (left.length === 0) return [];
  const errors = left.filter(({ severity }) => severity === "error").length;
  const counts = [
    ...(errors > 0 ? [`${errors} more errors`] : []),
    ...(left.length > errors ? [`${left.length - errors} more warnings`] : []),
  ];
  const title = `${counts.join(" and ")} in the log of this step`;
  return [
    `::group::${title}`,
    ...left.map((finding) => logged(compactLine(finding))),
    "::endgroup::",
    `::notice title=usecase lint::${title}`,
  ];
}

/** A line of the log that no runner takes for a command: neither `::name::` at its start nor `##[name]` anywhere. */
const logged = (line: string) => `- ${line.replaceAll("##[", "## [")}`;

function messageOf({ message, suggestions, help }: Finding): string {
  const hint = suggestions.length > 0 ? ` (${didYouMean(suggestions)})` : "";
  return `${message}${hint}${help === undefined ? "" : `\n${help}`}`;
}
