import type { Problem, SpecPlace } from "../spec/finding.js";
import type { Report, Rule } from "./rule.js";

/** What a rule reports as a problem; `file` is where a node of the model does not name another. */
export function problemOf({ id, severity }: Rule, file: string, report: Report): Problem {
  const { at, on, span, message, help, suggestions, related } = report;
  return {
    ruleId: id,
    severity,
    message,
    place: placeOf(at, file, { ...(on && { on }), ...(span && { span }) }),
    ...(help !== undefined && { help }),
    ...(suggestions !== undefined && { suggestions }),
    ...(related !== undefined && { related: related.map((other) => ({ message: other.message, place: placeOf(other.at, file, {}) })) }),
  };
}

function placeOf(at: Report["at"], file: string, narrowed: Pick<SpecPlace, "on" | "span">): SpecPlace {
  return {
    file: at.file ?? file,
    path: at.path,
    ...("on" in at && at.on ? { on: at.on } : {}),
    ...("span" in at && at.span ? { span: at.span } : {}),
    ...narrowed,
  };
}
