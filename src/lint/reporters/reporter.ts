import type { LintReport } from "../report.js";

export interface ReporterOptions {
  readonly color: boolean;
  /** The working directory inside the repository, for hosts that want paths from its root: empty, or `packages/shop/`. */
  readonly directory: string;
}

/** A form in which findings are written. To add one: a file here and a line in `registry.ts`. */
export interface Reporter {
  readonly name: string;
  readonly summary: string;
  /** The whole output, ending in a line break unless it is empty. */
  render(report: LintReport, options: ReporterOptions): string;
}
