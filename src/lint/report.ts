import type { Finding } from "../spec/finding.js";

/** What a run of lint found, as reporters print it: files relative to the working directory, with `/`. */
export interface LintReport {
  /** Sorted by file, line and column. */
  readonly findings: readonly Finding[];
  readonly summary: LintSummary;
  /** The text of a file that a finding names; undefined where it cannot be shown. */
  source(file: string): string | undefined;
}

export interface LintSummary {
  /** How many files were looked at. */
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  readonly fixed: number;
  readonly durationMs: number;
}

/** The counts of a list of findings. */
export function countSeverities(findings: readonly Finding[]): { readonly errors: number; readonly warnings: number } {
  const errors = findings.filter((finding) => finding.severity === "error").length;
  return { errors, warnings: findings.length - errors };
}
