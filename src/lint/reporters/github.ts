import type { Finding } from "../../spec/finding.js";
import { visible } from "./display-text.js";
import { gravestFirst } from "./gravity.js";
import type { Reporter } from "./reporter.js";
import { didYouMean } from "./suggestion.js";

// GitHub shows ten errors and ten warnings of a step as annotations; the others stay in its log. So the gravest are
// first, and nothing is left out.
const escapeData = (text: string) => visible(text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A"));
const escapeProperty = (text: string) => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/** Workflow commands: annotations on the lines of a pull request. */
export const githubReporter: Reporter = {
  name: "github",
  summary: "annotations for GitHub Actions (chosen by itself there)",
  render({ findings }, { directory }) {
    return gravestFirst(findings)
      .map((finding) => {
        const { severity, file, line, column, endLine, endColumn, ruleId } = finding;
        const properties = {
          file: `${directory}${file}`,
          line,
          endLine,
          ...(line === endLine && { col: column, endColumn }),
          title: ruleId,
        };
        const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
        return `::${severity} ${list.join(",")}::${escapeData(messageOf(finding))}\n`;
      })
      .join("");
  },
};

function messageOf({ message, suggestions, help }: Finding): string {
  const hint = suggestions.length > 0 ? ` (${didYouMean(suggestions)})` : "";
  return `${message}${hint}${help === undefined ? "" : `\n${help}`}`;
}
