// `usecasecore/tooling`: what the command line does, as functions, for scripts, editors and build tools.
import { dirname, resolve } from "node:path";
import type { CheckPart, CheckReport } from "./check/check-project.js";
import type { GenerateOptions as GeneratorOptions } from "./generate/generate.js";
import type { GenerateReport } from "./generate/generate-report.js";
import type { LintProjectOptions } from "./lint/lint-project.js";
import type { LintReport } from "./lint/report.js";
import type { Explanation } from "./runtime/explain/explanation.js";
import { ToolError } from "./spec/tool-error.js";

export type { CheckedPart, CheckPart, CheckReport } from "./check/check-project.js";
export type { FileReport, GenerateReport } from "./generate/generate-report.js";
export type { LintReport, LintSummary } from "./lint/report.js";
export type { RuleSeverities, RuleSeverity } from "./lint/severities.js";
export type { ExplainedRefusal, ExplainedStatement, Explanation } from "./runtime/explain/explanation.js";
export type { Finding, SourceRange } from "./spec/finding.js";
export { ToolError, type ToolErrorCode } from "./spec/tool-error.js";

export interface LintOptions extends Omit<LintProjectOptions, "cwd"> {
  /** Where to look for the configuration, here and upwards, and what the report's paths are relative to. Default: the process's. */
  readonly cwd?: string;
}

export interface GenerateOptions extends GeneratorOptions, Pick<LintOptions, "cwd" | "config" | "cache" | "onMany"> {
  /** May name the folder of the specs; never a part of it, because the index and the repositories are made from all of them. */
  readonly paths?: readonly string[];
}

/** `ok: false`: the project has lint errors, so that nothing was generated. */
export type GenerateOutcome =
  | { readonly ok: true; readonly report: GenerateReport; readonly root: string }
  | { readonly ok: false; readonly lint: LintReport };

/**
 * Checks specs, state machines and shared files.
 *
 * @example
 * const { findings, summary } = await lint({ paths: ["specs"] });
 * for (const { file, line, column, message } of findings) console.log(`${file}:${line}:${column} ${message}`);
 *
 * @throws ToolError when there is no configuration, it is wrong, or a path matches nothing; what is wrong with specs is
 *   among the findings
 */
export async function lint(options: LintOptions = {}): Promise<LintReport> {
  const { lintProject } = await import("./lint/lint-project.js");
  return lintProject({ ...options, cwd: resolve(options.cwd ?? ".") });
}

/**
 * Lints, then generates code: all changed files are written, or none.
 *
 * @example
 * const outcome = await generate({ check: true });
 * if (!outcome.ok || outcome.report.stale) process.exitCode = 1;
 *
 * @throws ToolError when there is no configuration, it is wrong, or a file cannot be read or written
 */
export async function generate(options: GenerateOptions = {}): Promise<GenerateOutcome> {
  const { cwd: folder = ".", config, paths, cache: cached, onMany, ...rest } = options;
  const cwd = resolve(folder);
  const [{ readProjectFiles }, { findConfig }, { exclusively }, { isCutOff }, { openMemory, unchangedSince }] = await Promise.all([
    import("./spec/project-files.js"),
    import("./spec/config/find-config.js"),
    import("./generate/files/project-lock.js"),
    import("./generate/files/journal.js"),
    import("./generate/last-run.js"),
  ]);
  // Specs too are read only then: what another run has just written may be newer than what was read before it.
  const lock = { reading: rest.check === true || rest.dryRun === true, onWait: rest.onWait };
  return exclusively(dirname(findConfig(cwd, config)), generateOrSkip, lock);

  async function generateOrSkip(): Promise<GenerateOutcome> {
    const files = await readProjectFiles({ cwd, ...(config !== undefined && { config }), ...(cached !== undefined && { cache: cached }) });
    const { root } = files;
    const opening = openMemory(files);
    // Whoever wants it is told; until then something else may have gone wrong first.
    opening.catch(() => {});
    // The first run does not wait for the schema here.
    const last = files.cache?.read("generated");
    const before = last && (await opening);
    if (last && before && rest.only === undefined && (paths ?? []).length === 0 && !isCutOff(root)) {
      const report = unchangedSince(last, before, files.config);
      if (report !== undefined) return { ok: true, report, root };
    }
    // Only now what a run of which nothing has changed does without.
    const [{ lintFiles }, { generatorInput }, { generateAlone }, { createCompanion }] = await Promise.all([
      import("./lint/lint-project.js"),
      import("./generate/generator-input.js"),
      import("./generate/generate.js"),
      import("./generate/made-by-lint.js"),
    ]);
    const companion = createCompanion();
    const report = await lintFiles(files, {
      cwd,
      companion,
      ...(paths !== undefined && { paths }),
      ...(onMany !== undefined && { onMany }),
    });
    if (report.summary.files < files.sources.files.length - 1)
      throw new ToolError(
        "usage",
        "A part of the specs cannot be generated alone: the index and the repositories are made from all of them.",
        { help: "Leave the paths out." },
      );
    if (report.summary.errors > 0) return { ok: false, lint: report };
    return { ok: true, report: await generateAlone(await generatorInput(files), rest, await opening, companion.made), root };
  }
}

/** `ok: false`: the project has lint errors, so that nothing of it would be executed. */
export type ExplainOutcome = { readonly ok: true; readonly explanation: Explanation } | { readonly ok: false; readonly lint: LintReport };

/**
 * What a call of a use case sends, locks and refuses: from its spec and the Drizzle schema, without a database.
 *
 * @example
 * const outcome = await explain("MoveInventory");
 * if (outcome.ok) console.log(outcome.explanation.roundTrips, outcome.explanation.lockOrder);
 *
 * @param name of the use case (in any case), or its spec's file
 * @throws ToolError when there is no such use case, no configuration, or it is wrong
 */
export async function explain(name: string, options: Pick<LintOptions, "cwd" | "config"> = {}): Promise<ExplainOutcome> {
  const cwd = resolve(options.cwd ?? ".");
  const [{ loadProject }, { lintLoaded }, { findUseCase }, { explainUseCase }] = await Promise.all([
    import("./spec/load-project.js"),
    import("./lint/lint-project.js"),
    import("./explain/find-use-case.js"),
    import("./explain/explain-use-case.js"),
  ]);
  const loaded = await loadProject({ cwd, ...(options.config !== undefined && { config: options.config }) });
  const lint = await lintLoaded(loaded, { cwd });
  if (lint.summary.errors > 0) return { ok: false, lint };
  return { ok: true, explanation: await explainUseCase(loaded.project, findUseCase(loaded.project, name, cwd)) };
}

export interface CheckOptions extends Pick<LintOptions, "cwd" | "config"> {
  /** Default: all. */
  readonly only?: readonly CheckPart[];
}

/**
 * All that must hold before a project is shipped: its specs lint; its generated code, its handlers and the migration of
 * our tables are what the specs make now. Writes nothing.
 *
 * @example
 * const { parts, summary } = await check({ only: ["output"] });
 * if (summary.errors > 0) process.exitCode = 1;
 *
 * @throws ToolError when there is no configuration, it is wrong, or a file cannot be read
 */
export async function check({ cwd: folder = ".", config, only }: CheckOptions = {}): Promise<CheckReport> {
  const cwd = resolve(folder);
  const [{ loadProject }, { checkProject }] = await Promise.all([import("./spec/load-project.js"), import("./check/check-project.js")]);
  return checkProject(await loadProject({ cwd, ...(config !== undefined && { config }) }), cwd, only);
}
