import type { Problem } from "../spec/finding.js";
import type { SourceMap } from "../spec/source-map.js";
import { nameFix } from "./name-fix.js";
import type { PlacedFinding } from "./placed-finding.js";
import { formatSpecPath } from "./spec-path.js";

/** A problem with its lines, and with its repair where there is a certain one. */
export function placeProblem(problem: Problem, sources: SourceMap): PlacedFinding {
  const { ruleId, severity, message, place, help, suggestions, related } = problem;
  const fix = problem.fix ?? nameFix(problem, sources);
  return {
    ruleId,
    severity,
    message,
    ...sources.locate(place),
    specPath: place.path,
    path: formatSpecPath(place.path),
    ...(help !== undefined && { help }),
    suggestions: suggestions ?? [],
    related: (related ?? []).map((other) => ({ message: other.message, ...sources.locate(other.place) })),
    fixable: fix !== undefined,
    ...(fix !== undefined && { fix }),
  };
}
