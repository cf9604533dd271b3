import type { RuleSeverities, RuleSeverity } from "../lint/severities.js";
import { nearest } from "../spec/suggest.js";
import { ToolError } from "../spec/tool-error.js";

const severities: readonly RuleSeverity[] = ["error", "warning", "off"];

/**
 * Reads the values of `--rule`, e.g. `state/unused=off`. Whether a rule exists is lint's to say.
 * @throws ToolError for a value of another form
 */
export function parseRuleOption(values: readonly string[]): RuleSeverities {
  return Object.fromEntries(
    values.map((value) => {
      const [id = "", name = ""] = value.split("=");
      const severity = severities.find((known) => known === name);
      if (severity !== undefined && id !== "") return [id, severity];
      const [best] = nearest(name, severities);
      throw new ToolError("usage", `--rule ${value} is not of the form <id>=<severity>.`, {
        help: best === undefined ? "The severity is error, warning or off: --rule state/unused=off." : `Did you mean --rule ${id}=${best}?`,
      });
    }),
  );
}
