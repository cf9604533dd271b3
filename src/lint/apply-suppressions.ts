import type { SourceMap } from "../spec/source-map.js";
import type { PlacedFinding } from "./placed-finding.js";
import { rules } from "./registry.js";
import { lintSuppressionReason } from "./rules/lint-suppression-reason.js";
import { lintUnusedSuppression } from "./rules/lint-unused-suppression.js";
import type { RuleSeverity } from "./severities.js";
import { suggestRule } from "./severities.js";
import { readSuppressions, type Suppression } from "./suppressions.js";

/** The findings without the suppressed ones, and with what is wrong with the suppressions themselves. */
export function applySuppressions(
  findings: readonly PlacedFinding[],
  sources: SourceMap,
  severities: ReadonlyMap<string, RuleSeverity>,
): readonly PlacedFinding[] {
  const suppressions = sources.files.flatMap((file) => readSuppressions(file, sources.text(file) ?? ""));
  if (suppressions.length === 0) return findings;
  const used = new Set<string>();
  const kept = findings.filter((finding) => {
    const hits = suppressions.filter(
      ({ file, target, rules: named }) => file === finding.file && target === finding.line && named.some(({ id }) => id === finding.ruleId),
    );
    if (hits.length === 0 || isRequired(finding.ruleId)) return true;
    for (const hit of hits) used.add(key(hit, finding.ruleId));
    return false;
  });
  const complaints = suppressions.flatMap((suppression) => complain(suppression, used));
  return [...kept, ...complaints.flatMap((finding) => withSeverity(finding, severities))];

  function complain(suppression: Suppression, usedKeys: ReadonlySet<string>): readonly PlacedFinding[] {
    if (suppression.rules.length === 0)
      return [
        about(
          suppression,
          lintUnusedSuppression,
          "This suppression names no rule.",
          "Write `# usecase-lint-disable-next-line <rule> -- <reason>`.",
        ),
      ];
    const unused = suppression.rules.flatMap(({ id, column }) => {
      if (usedKeys.has(key(suppression, id)) || severities.get(id) === "off") return [];
      const range = { column, endColumn: column + id.length };
      if (!severities.has(id))
        return [{ ...about(suppression, lintUnusedSuppression, `There is no rule "${id}".`, suggestRule(id)), ...range }];
      const message = isRequired(id) ? `Rule ${id} cannot be suppressed.` : `Nothing on line ${suppression.target} is found by ${id}.`;
      return [{ ...about(suppression, lintUnusedSuppression, message), ...range }];
    });
    const reasonless = suppression.reason === "" && unused.length < suppression.rules.length;
    const help = "Say after ` -- ` why the finding is not a mistake here.";
    return reasonless ? [...unused, about(suppression, lintSuppressionReason, "This suppression gives no reason.", help)] : unused;
  }
}

const isRequired = (id: string) => rules.find((rule) => rule.id === id)?.required === true;
const key = ({ file, line }: Suppression, id: string) => JSON.stringify([file, line, id]);

function about(
  { file, line, column, endColumn }: Suppression,
  rule: { readonly id: string; readonly severity: "error" | "warning" },
  message: string,
  help?: string,
): PlacedFinding {
  return {
    ruleId: rule.id,
    severity: rule.severity,
    message,
    file,
    line,
    column,
    endLine: line,
    endColumn,
    specPath: [],
    path: "",
    ...(help !== undefined && { help }),
    suggestions: [],
    related: [],
    fixable: false,
  };
}

function withSeverity(finding: PlacedFinding, severities: ReadonlyMap<string, RuleSeverity>): readonly PlacedFinding[] {
  const severity = severities.get(finding.ruleId) ?? finding.severity;
  return severity === "off" ? [] : [{ ...finding, severity }];
}
