import { explainUseCase } from "../../explain/explain-use-case.js";
import { findUseCase } from "../../explain/find-use-case.js";
import { lintLoaded } from "../../lint/lint-project.js";
import { rules } from "../../lint/registry.js";
import { createStyle } from "../../lint/reporters/style.js";
import { renderExplanation } from "../../runtime/explain/render-explanation.js";
import { loadProject } from "../../spec/load-project.js";
import { wantsColor } from "../color.js";
import type { CommonOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import type { Io } from "../io.js";
import { printFindings } from "../print-findings.js";
import { withProgress } from "../progress.js";

/** What a call of a use case does; it may be named by its spec's file, too. */
export async function explainNamed(io: Io, subject: string, options: CommonOptions & { readonly json?: boolean }): Promise<number> {
  const progress = <T>(what: string, work: () => Promise<T>) => withProgress(io, options.quiet === true, what, work);
  const where = { cwd: io.cwd, ...(options.config !== undefined && { config: options.config }) };
  const loaded = await progress("reading the project", () => loadProject(where));
  const { project } = loaded;
  const report = await lintLoaded(loaded, { cwd: io.cwd });
  if (report.summary.errors > 0) {
    printFindings(io, options, report, "Not explained: a project with errors is not executed.");
    return exitCodes.findings;
  }
  const ids = rules.map(({ id }) => id);
  const useCase = findUseCase(project, subject, io.cwd, ids);
  const explanation = await progress("explaining", () => explainUseCase(project, useCase));
  if (options.json) io.stdout.write(`${JSON.stringify({ version: 1, ...explanation }, undefined, 2)}\n`);
  else io.stdout.write(`${renderExplanation(explanation, createStyle(wantsColor(io.stdout, io.env, options.color)))}\n`);
  return exitCodes.fine;
}
