import type { Finding } from "../../spec/finding.js";
import { visible } from "./display-text.js";
import type { Reporter } from "./reporter.js";
import { didYouMean } from "./suggestion.js";

/** One line per finding, as editors and `grep` take it. */
export const compactReporter: Reporter = {
  name: "compact",
  summary: "one line per finding: file:line:column severity message rule",
  render: ({ findings }) => findings.map((finding) => `${compactLine(finding)}\n`).join(""),
};

export function compactLine({ file, line, column, severity, message, suggestions, ruleId }: Finding): string {
  const hint = suggestions.length > 0 ? ` (${didYouMean(suggestions)})` : "";
  return `${visible(file)}:${line}:${column} ${severity} ${visible(message)}${visible(hint)} ${ruleId}`;
}
