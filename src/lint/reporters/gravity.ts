import type { Finding } from "../../spec/finding.js";

const gravity: Readonly<Record<Finding["severity"], number>> = { error: 0, warning: 1 };

/** Errors before warnings, for hosts that show only so many. */
export function gravestFirst(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => gravity[a.severity] - gravity[b.severity]);
}
