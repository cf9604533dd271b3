import { fingerprint } from "../lint/fingerprint.js";
import type { Finding } from "../spec/finding.js";

/** An error about a whole file that is no spec, or about one place in it. */
export function finding(of: {
  readonly rule: string;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  readonly help: string;
}): Finding {
  const { rule, file, line = 1, column = 1, message, help } = of;
  return {
    ruleId: rule,
    severity: "error",
    file,
    line,
    column,
    endLine: line,
    endColumn: column,
    message,
    help,
    path: "",
    suggestions: [],
    related: [],
    fixable: false,
    fingerprint: fingerprint(rule, file, [], message, 0),
  };
}
