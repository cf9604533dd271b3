import type { Finding, SourceRange } from "../../spec/finding.js";
import { gravestFirst } from "./gravity.js";
import type { Reporter } from "./reporter.js";
import { adviceText } from "./suggestion.js";

/** GitHub refuses files with more results. */
const mostResults = 25_000;

/** SARIF 2.1.0, for code scanning. */
export const sarifReporter: Reporter = {
  name: "sarif",
  summary: "SARIF 2.1.0, for code scanning",
  wantsRules: true,
  render({ findings }, { directory, rules = [], version }) {
    const shown = gravestFirst(findings).slice(0, mostResults);
    const ids = [...new Set(shown.map(({ ruleId }) => ruleId))].sort();
    const location = ({ file, line, column, endLine, endColumn }: SourceRange) => ({
      artifactLocation: {
        uri: encodeURI(`${directory}${file}`.replace(/\p{Surrogate}/gu, "\ufffd")).replace(/[?#]/g, encodeURIComponent),
        uriBaseId: "%SRCROOT%",
      },
      region: { startLine: line, startColumn: column, endLine, endColumn: Math.max(endColumn, line === endLine ? column : 1) },
    });
    const driverRules = ids.map((id) => {
      const rule = rules.find((known) => known.id === id);
      return {
        id,
        ...(rule !== undefined && {
          shortDescription: { text: `${rule.summary.charAt(0).toUpperCase()}${rule.summary.slice(1)}.` },
          fullDescription: { text: rule.why },
          help: { text: `${rule.why}\n\nusecase explain ${id}` },
          defaultConfiguration: { level: rule.severity },
        }),
      };
    });
    const result = (finding: Finding) => ({
      ruleId: finding.ruleId,
      ruleIndex: ids.indexOf(finding.ruleId),
      level: finding.severity,
      message: { text: [finding.message, ...adviceText(finding)].join("\n") },
      locations: [{ physicalLocation: location(finding) }],
      ...(finding.related.length > 0 && {
        relatedLocations: finding.related.map((range, id) => ({ id, physicalLocation: location(range), message: { text: range.message } })),
      }),
      partialFingerprints: { "usecaseFinding/v1": finding.fingerprint },
    });
    const left = findings.length - shown.length;
    const sarif = {
      $schema: "https://json.schemastore.org/sarif-2.1.0.json",
      version: "2.1.0",
      runs: [
        {
          tool: { driver: { name: "usecase", ...(version !== undefined && { semanticVersion: version }), rules: driverRules } },
          columnKind: "utf16CodeUnits",
          ...(left > 0 && {
            invocations: [
              {
                executionSuccessful: true,
                toolExecutionNotifications: [{ level: "warning", message: { text: `${left} less grave findings are left out.` } }],
              },
            ],
          }),
          results: shown.map(result),
        },
      ],
    };
    return `${JSON.stringify(sarif, undefined, 2)}\n`;
  },
};
