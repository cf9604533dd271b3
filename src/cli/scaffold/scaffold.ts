import { existsSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { lintLoaded } from "../../lint/lint-project.js";
import { type LoadedProject, loadProject } from "../../spec/load-project.js";
import { kebabCase } from "../../spec/names.js";
import { ToolError } from "../../spec/tool-error.js";
import { exitCodes } from "../exit-codes.js";
import { printGenerateReport } from "../generate-report.js";
import type { Io } from "../io.js";
import { printFindings } from "../print-findings.js";
import { withProgress } from "../progress.js";
import { type ScaffoldCommandFlags, type ScaffoldFlags, scaffoldRequest } from "./scaffold-request.js";
import { scaffoldSpec } from "./scaffold-spec.js";

/** Writes a new spec, and with it what `generate` makes of it. Nothing is written unless all of it lints. */
export async function scaffold(io: Io, name: string, flags: ScaffoldCommandFlags): Promise<number> {
  const quiet = flags.quiet === true;
  const where = { cwd: io.cwd, ...(flags.config !== undefined && { config: flags.config }) };
  const { project } = await withProgress(io, quiet, "reading the project", () => loadProject(where));
  const request = scaffoldRequest(name, await completeFlags(io, flags, project), project);
  const file = `${project.config.specs}/${kebabCase(request.name)}.usecase.yaml`;
  const path = join(project.root, file);
  if (existsSync(path))
    throw new ToolError("files/not-ours", `${shown(io, path)} is there already.`, { help: "Take another name, or delete it." });

  const schemaUrl = posix.join(...project.config.specs.split("/").map(() => ".."), "node_modules/usecasecore/schema/usecase.schema.json");
  const text = scaffoldSpec(request, project.config, schemaUrl);
  const loaded = await loadProject({ ...where, overrides: new Map([[file, text]]) });
  const report = await lintLoaded(loaded, { cwd: io.cwd });
  if (report.summary.errors > 0) {
    printFindings(io, flags, report);
    return exitCodes.findings;
  }
  return write(io, flags, loaded, path, text);
}

async function write(io: Io, flags: ScaffoldCommandFlags, loaded: LoadedProject, path: string, text: string): Promise<number> {
  const { generate } = await import("../../generate/generate.js");
  const plan = await generate(loaded, { dryRun: true });
  if (plan.refused || flags.dryRun === true) {
    if (!plan.refused) io.stdout.write(`create  ${shown(io, path)}\n${text}\n`);
    return printGenerateReport(io, flags, { report: plan, root: loaded.project.root });
  }
  await io.writeFile(path, text);
  io.stdout.write(`created  ${shown(io, path)}\n`);
  return printGenerateReport(io, flags, { report: await generate(loaded), root: loaded.project.root });
}

/** Asks for what the flags leave open, where there is somebody to ask. */
async function completeFlags(io: Io, flags: ScaffoldCommandFlags, project: LoadedProject["project"]): Promise<ScaffoldFlags> {
  if (flags.table !== undefined || flags.load !== undefined || flags.transition !== undefined) return flags;
  const tables = (project.schema?.tables ?? []).filter(({ kind }) => kind === "table").map((table) => table.name);
  if (!io.stdin.isTTY || !io.stderr.isTTY || flags.yes === true)
    throw new ToolError("usage", "Which table is it about?", {
      help: `Say so with --table (${tables.slice(0, 8).join(", ")}${tables.length > 8 ? ", …" : ""}).`,
    });
  const table = (await io.ask(`Which table is it about? (${tables.join(", ")}) `)).trim();
  const machine = project.machines.find((candidate) => candidate.table.name === table);
  const events = [...new Set(machine?.states.flatMap(({ on }) => on.map(({ event }) => event)) ?? [])];
  const event =
    machine === undefined
      ? ""
      : (await io.ask(`Which event of machine ${machine.name} does it take? (${events.join(", ")}; empty: none) `)).trim();
  const message =
    flags.event === undefined ? (await io.ask("Which event does it send? (for example OrderShipped; empty: none) ")).trim() : "";
  return {
    ...flags,
    table,
    ...(machine !== undefined && event !== "" && { transition: [`${machine.name}:${event}`] }),
    ...(message !== "" && { event: [message] }),
  };
}

const shown = ({ cwd }: Io, path: string) => relative(cwd, path).split(sep).join("/");
