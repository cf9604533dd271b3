import type { Reporter } from "./reporter.js";
import { adviceText } from "./suggestion.js";

/** GitLab's Code Quality report: an artifact that merge requests show. */
export const gitlabReporter: Reporter = {
  name: "gitlab",
  summary: "a GitLab Code Quality report",
  render({ findings }, { directory }) {
    const issues = findings.map((finding) => ({
      description: [finding.message, ...adviceText(finding)].join(" "),
      check_name: finding.ruleId,
      fingerprint: finding.fingerprint,
      severity: finding.severity === "error" ? "major" : "minor",
      location: { path: `${directory}${finding.file}`, lines: { begin: finding.line, end: finding.endLine } },
    }));
    return `${JSON.stringify(issues, undefined, 2)}\n`;
  },
};
