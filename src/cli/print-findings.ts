import type { LintReport } from "../lint/report.js";
import { jsonReporter } from "../lint/reporters/json.js";
import { textReporter } from "../lint/reporters/text.js";
import { wantsColor } from "./color.js";
import type { CommonOptions } from "./command.js";
import type { Io } from "./io.js";

/** Shows why a command that needs a sound project did nothing: the errors, without the warnings. */
export function printFindings(
  io: Io,
  flags: CommonOptions & { readonly json?: boolean },
  report: LintReport,
  consequence = "Nothing was written: a project with errors is not generated.",
): void {
  const errors = report.findings.filter(({ severity }) => severity === "error");
  const shown = { ...report, findings: errors, summary: { ...report.summary, warnings: 0 } };
  const reporter = flags.json === true ? jsonReporter : textReporter;
  io.stdout.write(reporter.render(shown, { color: wantsColor(io.stdout, io.env, flags.color), directory: "" }));
  io.stderr.write(`${consequence}\n`);
}
