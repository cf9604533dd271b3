import { dirname, relative, resolve, sep } from "node:path";
import { performance } from "node:perf_hooks";
import { findConfig } from "../spec/config/find-config.js";
import type { Finding, SourceRange } from "../spec/finding.js";
import { type LoadedProject, loadProject } from "../spec/load-project.js";
import { ToolError } from "../spec/tool-error.js";
import { lint } from "./lint.js";
import { countSeverities, type LintReport } from "./report.js";
import { selectFiles } from "./select-files.js";
import type { RuleSeverities } from "./severities.js";

export interface LintProjectOptions {
  /** Absolute; the configuration is looked for here and upwards, and paths in the report are relative to it. */
  readonly cwd: string;
  /** The configuration's path, relative to `cwd`. */
  readonly config?: string;
  /** Files, folders and globs, relative to `cwd`: only findings in these. The whole project is read all the same. Default: everything. */
  readonly paths?: readonly string[];
  /** Unsaved texts by path, relative to `cwd`. */
  readonly texts?: ReadonlyMap<string, string>;
  /** Severities for this run, over those of the configuration. */
  readonly rules?: RuleSeverities;
}

/**
 * Loads and lints a project.
 * @throws ToolError when the configuration is wrong or a path matches nothing
 */
export async function lintProject(options: LintProjectOptions): Promise<LintReport> {
  const start = performance.now();
  const loaded = await loadFor(options);
  const report = await lintLoaded(loaded, options);
  return { ...report, summary: { ...report.summary, durationMs: Math.round(performance.now() - start) } };
}

/** Lints a project that is loaded already. */
export async function lintLoaded(loaded: LoadedProject, options: LintProjectOptions): Promise<LintReport> {
  const { project, sources } = loaded;
  const findings = lint(loaded, options.rules === undefined ? {} : { rules: options.rules });
  const specs = sources.files.filter((file) => file !== project.config.file);
  const selected =
    options.paths === undefined || options.paths.length === 0 ? specs : await selectFiles(options.paths, specs, project.root, options.cwd);
  const wanted = new Set(selected);
  // What is wrong with the configuration or the schema spoils every file.
  const shown = findings.filter(({ file }) => wanted.has(file) || !specs.includes(file));
  const fromCwd = (file: string) => relative(options.cwd, resolve(project.root, file)).split(sep).join("/");
  const moved = <Range extends SourceRange>(range: Range): Range => ({ ...range, file: fromCwd(range.file) });
  const texts = new Map(sources.files.map((file) => [fromCwd(file), file]));
  return {
    findings: shown.map((finding): Finding => ({ ...moved(finding), related: finding.related.map(moved) })),
    summary: { files: selected.length, ...countSeverities(shown), fixed: 0, durationMs: 0 },
    source: (file) => sources.text(texts.get(file) ?? file),
  };
}

async function loadFor({ cwd, config, texts }: LintProjectOptions): Promise<LoadedProject> {
  const options = { cwd, ...(config !== undefined && { config }) };
  if (texts === undefined || texts.size === 0) return loadProject(options);
  const root = dirname(findConfig(cwd, config));
  const overrides = new Map([...texts].map(([file, text]) => [relative(root, resolve(cwd, file)).split(sep).join("/"), text]));
  for (const file of overrides.keys()) if (file.startsWith("../")) throw new ToolError("usage", `${file} is outside of the project.`);
  return loadProject({ ...options, overrides });
}
