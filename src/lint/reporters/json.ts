import type { Reporter } from "./reporter.js";

/** For programs. Fields are only ever added; a change of meaning raises `version`. */
export const jsonReporter: Reporter = {
  name: "json",
  summary: "one JSON object with every finding and a summary",
  render({ findings, summary }) {
    const range = ({ file, line, column, endLine, endColumn }: (typeof findings)[number]) => ({ file, line, column, endLine, endColumn });
    return `${JSON.stringify(
      {
        version: 1,
        findings: findings.map((finding) => ({
          ruleId: finding.ruleId,
          severity: finding.severity,
          message: finding.message,
          ...range(finding),
          path: finding.path,
          help: finding.help ?? null,
          suggestions: finding.suggestions,
          related: finding.related,
          fixable: finding.fixable,
          fingerprint: finding.fingerprint,
        })),
        summary,
      },
      undefined,
      2,
    )}\n`;
  },
};
