import { existsSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { unifiedDiff } from "../../generate/files/diff.js";
import { lintLoaded } from "../../lint/lint-project.js";
import { type LoadedProject, loadProject } from "../../spec/load-project.js";
import { kebabCase, pascalCase } from "../../spec/names.js";
import { nearest } from "../../spec/suggest.js";
import { ToolError } from "../../spec/tool-error.js";
import { exitCodes } from "../exit-codes.js";
import { printGenerateReport } from "../generate-report.js";
import type { Io } from "../io.js";
import { printFindings } from "../print-findings.js";
import { withProgress } from "../progress.js";
import { schemaLocation } from "../schema-location.js";
import { askScaffold } from "./ask-scaffold.js";
import { copySpec } from "./copy-spec.js";
import { nameFault, type ScaffoldCommandFlags, type ScaffoldFlags, scaffoldRequest } from "./scaffold-request.js";
import { scaffoldSpec } from "./scaffold-spec.js";

/** Writes a new spec, and with it what `generate` makes of it. Nothing is written unless all of it lints. */
export async function scaffold(io: Io, given: string | undefined, flags: ScaffoldCommandFlags): Promise<number> {
  const quiet = flags.quiet === true;
  const where = { cwd: io.cwd, ...(flags.config !== undefined && { config: flags.config }) };
  const before = await withProgress(io, quiet, "reading the project", () => loadProject(where));
  const { project } = before;
  if (given !== undefined) requireFree(io, given, before);
  const { name, flags: answered, asked } = await askScaffold(io, given, flags, project);
  const { file, path } = requireFree(io, name, before);

  const text = specText(name, answered, before);
  const { loaded, report } = await withProgress(io, quiet, "checking", async () => {
    const loaded = await loadProject({ ...where, overrides: new Map([[file, text]]) });
    return { loaded, report: await lintLoaded(loaded, { cwd: io.cwd }) };
  });
  if (report.summary.errors > 0) {
    printFindings(io, flags, report);
    return exitCodes.findings;
  }
  if (asked && flags.dryRun !== true) {
    io.stderr.write(`\n${text}\n`);
    if (!(await io.prompts.confirm({ message: `Write ${shown(io, path)} and what is generated from it?` })))
      throw new ToolError("usage", "Cancelled: nothing was written.");
  }
  return write(io, flags, loaded, { path, text });
}

/** @throws ToolError when there is such a spec already. */
function requireFree(io: Io, name: string, { project }: LoadedProject): { readonly file: string; readonly path: string } {
  const file = `${project.config.specs}/${kebabCase(pascalCase(name))}.usecase.yaml`;
  const path = join(project.root, file);
  if (nameFault(name) === undefined && existsSync(path))
    throw new ToolError("files/not-ours", `${shown(io, path)} is there already.`, { help: "Take another name, or delete it." });
  return { file, path };
}

function specText(name: string, flags: ScaffoldFlags, { project, sources }: LoadedProject): string {
  const request = scaffoldRequest(name, flags, project);
  if (flags.from === undefined) {
    const schemaUrl = schemaLocation(project.root, join(project.root, project.config.specs), "usecase");
    return scaffoldSpec(request, project.config, schemaUrl);
  }
  const others = [flags.table, flags.load, flags.transition, flags.event, flags.job].some((flag) => flag !== undefined);
  if (others)
    throw new ToolError("usage", "--from takes everything from another use case.", { help: "Leave out what else the use case does." });
  const model = project.useCases.find(({ name: known }) => known === flags.from || known === pascalCase(flags.from ?? ""));
  if (model !== undefined) return copySpec(sources.text(model.file) ?? "", request.name);
  const names = project.useCases.map((useCase) => useCase.name);
  const [best] = nearest(flags.from, names);
  throw new ToolError("usage", `There is no use case "${flags.from}".`, {
    help: best === undefined ? `There are ${names.join(", ")}.` : `Did you mean ${best}?`,
  });
}

async function write(
  io: Io,
  flags: ScaffoldCommandFlags,
  loaded: LoadedProject,
  spec: { readonly path: string; readonly text: string },
): Promise<number> {
  const { generate } = await import("../../generate/generate.js");
  const { root } = loaded.project;
  const plan = await generate(loaded, { dryRun: true });
  if (!plan.refused) {
    const diff = flags.diff === true ? `${unifiedDiff(shown(io, spec.path), undefined, spec.text)}\n` : "";
    if (flags.dryRun === true) io.stdout.write(`create  ${shown(io, spec.path)}\n${diff === "" ? `${spec.text}\n` : diff}`);
    else io.stdout.write(`created  ${shown(io, spec.path)}\n${diff}`);
  }
  if (plan.refused || flags.dryRun === true) return printGenerateReport(io, flags, { report: plan, root });
  // The spec and what is made of it: all of it, or nothing.
  const also = [{ target: spec.path, before: undefined, after: spec.text }];
  return printGenerateReport(io, flags, { report: await generate(loaded, { also }), root });
}

const shown = ({ cwd }: Io, path: string) => relative(cwd, path).split(sep).join("/");
