import { resolve } from "node:path";
import type { LintReport } from "../../lint/report.js";
import { wantsColor } from "../color.js";
import type { CommonOptions } from "../command.js";
import type { Io } from "../io.js";
import type { OutputFormat } from "../output-formats.js";
import { repositoryDirectory } from "../repository-directory.js";
import { toolVersion } from "../tool-version.js";

/** Forms that say something even where nothing was found: a program waits for them. */
const always: ReadonlySet<string> = new Set(["gitlab", "json", "junit", "sarif"]);

/** Writes a report in every form that is wanted, each to its place. */
export async function printReport(io: Io, report: LintReport, formats: readonly OutputFormat[], flags: CommonOptions): Promise<void> {
  const shown = flags.quiet ? { ...report, findings: report.findings.filter(({ severity }) => severity === "error") } : report;
  const directory = repositoryDirectory(io);
  for (const { reporter, file } of formats) {
    const color = file === undefined && wantsColor(io.stdout, io.env, flags.color);
    const rules = reporter.wantsRules === true ? (await import("../../lint/registry.js")).rules : [];
    const { columns } = io.stdout;
    const terminal = file === undefined && columns !== undefined ? { columns } : {};
    const text = () => reporter.render(shown, { color, ...terminal, directory, rules, version: toolVersion() });
    if (file !== undefined) await io.writeFile(resolve(io.cwd, file), text());
    else if (!flags.quiet || shown.findings.length > 0 || always.has(reporter.name)) io.stdout.write(text());
  }
}
