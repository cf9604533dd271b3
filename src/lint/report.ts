import type { Finding } from "../spec/finding.js";
import type { LintStats } from "./stopwatch.js";

/** What a run of lint found, as reporters print it: files relative to the working directory, with `/`. */
export interface LintReport {
  /** Sorted by file, line and column. */
  readonly findings: readonly Finding[];
  readonly summary: LintSummary;
  /** The text of a file that a finding names; undefined where it cannot be shown. */
  source(file: string): string | undefined;
  /** Where the time went; for a whole run. */
  readonly stats?: LintStats;
}

export interface LintSummary {
  /** How many files were looked at. */
  readonly files: number;
  readonly errors: number;
  readonly warnings: number;
  /** Left out, because the baseline lists them. */
  readonly known?: number;
  readonly fixed: number;
  readonly durationMs: number;
}

/** The counts of a list of findings. */
export function countSeverities(findings: readonly Finding[]): { readonly errors: number; readonly warnings: number } {
  const errors = findings.filter((finding) => finding.severity === "error").length;
  return { errors, warnings: findings.length - errors };
}
