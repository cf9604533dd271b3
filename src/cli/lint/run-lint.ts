import type { LintProjectOptions } from "../../lint/lint-project.js";
import type { LintReport } from "../../lint/report.js";
import { exitCodes } from "../exit-codes.js";
import type { Io } from "../io.js";
import { parseOutputFormats } from "../output-formats.js";
import { withProgress } from "../progress.js";
import type { LintFlags } from "./lint-flags.js";
import { readLintInput } from "./lint-input.js";
import { printReport } from "./print-report.js";
import { renderStats } from "./render-stats.js";
import { tuneForOnePass } from "./tune-for-one-pass.js";

/** One command line of `usecase lint`; returns the exit code. */
export async function runLint(io: Io, paths: readonly string[], flags: LintFlags): Promise<number> {
  const { reporters } = await import("../../lint/reporters/registry.js");
  const inActions = io.env["GITHUB_ACTIONS"] === "true";
  const formats = parseOutputFormats(flags.format ?? [inActions ? "github" : "text"], reporters);
  const options = await readLintInput(io, paths, flags);

  const once = async (input: LintProjectOptions): Promise<number> => {
    const report = await withProgress(io, flags.quiet === true, "checking", () => lintOrFix(io, input, flags));
    await printReport(io, report, formats, flags);
    if (flags.stats === true && report.stats !== undefined) io.stderr.write(renderStats(report.stats));
    return exitCode(io, report, flags);
  };
  if (flags.watch !== true) return once(options);
  const { watchProject } = await import("../watch-project.js");
  return watchProject(io, options, (cache) => once({ ...options, cache }));
}

async function lintOrFix(io: Io, options: LintProjectOptions, flags: LintFlags): Promise<LintReport> {
  if (flags.fix !== true) {
    const { lintProject } = await import("../../lint/lint-project.js");
    return lintProject({ ...options, onMany: tuneForOnePass });
  }
  const { fixProject } = await import("../../lint/fix-project.js");
  const { report, changes } = await fixProject(options, { dryRun: flags.dryRun === true });
  if (flags.dryRun === true && changes.length > 0) {
    const { unifiedDiff } = await import("../../generate/files/diff.js");
    // Other formats own standard output.
    const stream = flags.format === undefined || flags.format.includes("text") ? io.stdout : io.stderr;
    for (const { file, before, after } of changes) stream.write(`${unifiedDiff(file, before, after)}\n`);
  }
  return report;
}

function exitCode(io: Io, { summary: { errors, warnings } }: LintReport, flags: LintFlags): number {
  if (errors > 0) return exitCodes.findings;
  if (warnings <= (flags.maxWarnings ?? Number.POSITIVE_INFINITY)) return exitCodes.fine;
  if (!flags.quiet) io.stderr.write(`More warnings (${warnings}) than --max-warnings ${flags.maxWarnings} allows.\n`);
  return exitCodes.findings;
}
