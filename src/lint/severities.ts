import type { Severity } from "../spec/model.js";
import { nearest } from "../spec/suggest.js";
import { ToolError } from "../spec/tool-error.js";
import { rules } from "./registry.js";

export type RuleSeverity = Severity | "off";
export type RuleSeverities = Readonly<Record<string, RuleSeverity>>;

/**
 * The severity of every rule: its own, changed by the configuration, changed by this run's options.
 * `placeOf` says where the configuration names a rule.
 * @throws ToolError for a rule that does not exist, and for one that cannot be changed.
 */
export function resolveSeverities(
  configured: RuleSeverities,
  forThisRun: RuleSeverities,
  placeOf: (id: string) => string = () => "lint.rules:",
): ReadonlyMap<string, RuleSeverity> {
  const severities = new Map<string, RuleSeverity>(rules.map(({ id, severity }) => [id, severity]));
  for (const [id, severity] of Object.entries(configured))
    severities.set(checked(id, severity, "config/invalid", `${placeOf(id)} `), severity);
  for (const [id, severity] of Object.entries(forThisRun)) severities.set(checked(id, severity, "usage", ""), severity);
  return severities;
}

function checked(id: string, severity: RuleSeverity, code: "config/invalid" | "usage", where: string): string {
  const rule = rules.find((known) => known.id === id);
  if (rule === undefined) throw new ToolError(code, `${where}There is no rule "${id}".`, { help: suggestRule(id) });
  if (rule.required && severity !== rule.severity)
    throw new ToolError(code, `${where}Rule ${id} cannot be changed.`, { help: "What is generated would be wrong without it." });
  return id;
}

/** `Did you mean state/unused?`, or where to find the names. */
export function suggestRule(id: string): string {
  const [best] = nearest(
    id,
    rules.map((rule) => rule.id),
  );
  return best === undefined ? "`usecase rules` lists them all." : `Did you mean ${best}?`;
}
