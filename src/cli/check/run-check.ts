import { type CheckedPart, type CheckPart, type CheckReport, checkParts, checkProject } from "../../check/check-project.js";
import { reporters } from "../../lint/reporters/registry.js";
import { createStyle, type Style } from "../../lint/reporters/style.js";
import { loadProject } from "../../spec/load-project.js";
import { nearest } from "../../spec/suggest.js";
import { ToolError } from "../../spec/tool-error.js";
import { wantsColor } from "../color.js";
import type { CommonOptions } from "../command.js";
import { exitCodes } from "../exit-codes.js";
import type { Io } from "../io.js";
import { printReport } from "../lint/print-report.js";
import { parseOutputFormats } from "../output-formats.js";
import { withProgress } from "../progress.js";

export interface CheckFlags extends CommonOptions {
  readonly only?: readonly string[];
  readonly format?: readonly string[];
  readonly maxWarnings?: number;
}

/** One command line of `usecase check`; returns the exit code. */
export async function runCheck(io: Io, flags: CheckFlags): Promise<number> {
  const only = (flags.only ?? checkParts).map(partOf);
  const inActions = io.env["GITHUB_ACTIONS"] === "true";
  const formats = parseOutputFormats(flags.format ?? [inActions ? "github" : "text"], reporters);
  const where = { cwd: io.cwd, ...(flags.config !== undefined && { config: flags.config }) };
  const report = await withProgress(io, flags.quiet === true, "checking", async () => checkProject(await loadProject(where), io.cwd, only));

  await printReport(
    io,
    report,
    formats.filter(({ reporter }) => reporter.name !== "text" || report.findings.length > 0),
    flags,
  );
  // The table of parts is for people; where another format owns standard output, they see it beside.
  const owned = formats.some(({ reporter, file }) => file === undefined && reporter.name !== "text");
  const stream = owned ? io.stderr : io.stdout;
  if (flags.quiet !== true) stream.write(partsText(report, createStyle(wantsColor(stream, io.env, flags.color))));
  return exitCode(io, report, flags);
}

function partOf(name: string): CheckPart {
  const part = checkParts.find((known) => known === name);
  if (part !== undefined) return part;
  const [best] = nearest(name, checkParts);
  throw new ToolError("usage", `There is no part "${name}" to check.`, {
    help: best === undefined ? `The parts are ${checkParts.join(", ")}.` : `Did you mean ${best}?`,
  });
}

function partsText({ parts }: CheckReport, style: Style): string {
  const marks: Readonly<Record<CheckedPart["status"], string>> = {
    fine: style.green("✔"),
    failed: style.red("✖"),
    skipped: style.yellow("–"),
  };
  const width = Math.max(...parts.map(({ name }) => name.length));
  return parts.map(({ name, status, summary }) => `${marks[status]} ${style.bold(name.padEnd(width))}  ${summary}\n`).join("");
}

function exitCode(io: Io, { summary: { errors, warnings } }: CheckReport, flags: CheckFlags): number {
  if (errors > 0) return exitCodes.findings;
  if (warnings <= (flags.maxWarnings ?? Number.POSITIVE_INFINITY)) return exitCodes.fine;
  if (!flags.quiet) io.stderr.write(`More warnings (${warnings}) than --max-warnings ${flags.maxWarnings} allows.\n`);
  return exitCodes.findings;
}
