import type { LintReport } from "../report.js";
import type { Rule } from "../rule.js";

export interface ReporterOptions {
  readonly color: boolean;
  /** Of the terminal, where the output goes to one. */
  readonly columns?: number;
  /** The working directory inside the repository, for hosts that want paths from its root: empty, or `packages/shop/`. */
  readonly directory: string;
  /** For reporters that want them. */
  readonly rules?: readonly Rule[];
  /** Of the tool. */
  readonly version?: string;
}

/** A form in which findings are written. To add one: a file here and a line in `registry.ts`. */
export interface Reporter {
  readonly name: string;
  readonly summary: string;
  /** Whether it describes the rules, too: they are loaded for it alone. */
  readonly wantsRules?: true;
  /** The whole output, ending in a line break unless it is empty. */
  render(report: LintReport, options: ReporterOptions): string;
}
