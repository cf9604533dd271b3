import { dirname, relative, resolve, sep } from "node:path";
import { performance } from "node:perf_hooks";
import type { CacheStore } from "../spec/cache/cache-store.js";
import { contentHash } from "../spec/cache/content-hash.js";
import { baseKey, schemaKey, useCasesKey } from "../spec/cache/input-keys.js";
import { findConfig } from "../spec/config/find-config.js";
import type { Finding, SourceRange } from "../spec/finding.js";
import type { LoadedProject } from "../spec/load-project.js";
import type { Config } from "../spec/model.js";
import { type ProjectFiles, readProjectFiles } from "../spec/project-files.js";
import type { SourceMap } from "../spec/source-map.js";
import { ToolError } from "../spec/tool-error.js";
import { withoutBaseline } from "./baseline.js";
import { changedSince } from "./changed-since.js";
import type { Companion } from "./companion.js";
import { once } from "./once.js";
import { countSeverities, type LintReport } from "./report.js";
import { selectFiles } from "./select-files.js";
import type { RuleSeverities } from "./severities.js";
import { createStopwatch, type Stopwatch } from "./stopwatch.js";
import { type OutsideFiles, outsideFiles } from "./surroundings.js";

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
  /** Whether to keep answers in `.usecase/cache/` and use those of earlier runs. Default: no. */
  readonly cache?: boolean | CacheStore;
  /** A git reference: only findings in (or about) files that differ from it, or that git does not know yet. */
  readonly since?: string;
  /** `apply`: leave out the findings that `.usecase/lint-baseline.json` lists; `update`: list all of now's there first. */
  readonly baseline?: "apply" | "update";
  /** Whether the report also says how long each rule took, which takes time itself. Default: no. */
  readonly stats?: boolean;
  /** Told before many use cases are looked into, which takes seconds. */
  readonly onMany?: () => void;
  /** Makes something of the use cases beside. */
  readonly companion?: Companion;
}

/**
 * Loads and lints a project.
 * @throws ToolError when the configuration is wrong, a path matches nothing, or git does not know the reference
 */
export async function lintProject(options: LintProjectOptions): Promise<LintReport> {
  const start = performance.now();
  const stopwatch = createStopwatch({ ofRules: options.stats === true });
  const files = await filesFor(options);
  stopwatch.lap("reading files");
  return lintFiles(files, options, { start, stopwatch });
}

/** Lints a project whose files have been read. */
export async function lintFiles(
  files: ProjectFiles,
  options: LintProjectOptions,
  { start, stopwatch } = { start: performance.now(), stopwatch: createStopwatch({ ofRules: options.stats === true }) },
): Promise<LintReport> {
  const findings = await findingsOf(files, options, stopwatch);
  const report = await reportOf(findings, files, options);
  const durationMs = Math.round(performance.now() - start);
  return { ...report, summary: { ...report.summary, durationMs }, stats: stopwatch.stats(files.files.length, durationMs) };
}

/** Lints a project that is loaded already. */
export async function lintLoaded(loaded: LoadedProject, options: LintProjectOptions): Promise<LintReport> {
  const { lint } = await import("./lint.js");
  const { project, sources } = loaded;
  return reportOf(lint(loaded, options.rules === undefined ? {} : { rules: options.rules }), { ...project, sources }, options);
}

/** Everything found in the whole project: by the last run, if nothing has changed since, or by the rules. */
async function findingsOf(
  files: ProjectFiles,
  { rules, onMany, companion }: LintProjectOptions,
  stopwatch: Stopwatch,
): Promise<readonly Finding[]> {
  const { cache } = files;
  const outside = outsideFiles(files.root, files.config);
  const last = cache?.read("findings");
  const key = last === undefined ? undefined : await lintKey(files, outside, rules);
  if (last !== undefined && last.key === key) {
    stopwatch.lap("looking up the last run");
    return last.findings;
  }
  const { checkProject } = await import("./check-project.js");
  const findings = await checkProject(
    files,
    outside,
    { ...(rules && { rules }), ...(onMany && { onMany }), ...(companion && { companion }) },
    stopwatch,
  );
  cache?.write("findings", { key: key ?? (await lintKey(files, outside, rules)), findings });
  stopwatch.lap("putting them in order");
  return findings;
}

/** Names all that the findings follow from. */
async function lintKey(files: ProjectFiles, { handlers, migrations }: OutsideFiles, rules: RuleSeverities = {}): Promise<string> {
  const specs = [baseKey(files), useCasesKey(files), schemaKey(await files.schema)];
  return contentHash(JSON.stringify([specs, [...handlers], [...migrations], rules]));
}

interface Reported {
  readonly root: string;
  readonly config: Config;
  readonly sources: SourceMap;
}

async function reportOf(
  findings: readonly Finding[],
  { root, config, sources }: Reported,
  options: LintProjectOptions,
): Promise<LintReport> {
  const specs = sources.files.filter((file) => file !== config.file);
  const named =
    options.paths === undefined || options.paths.length === 0 ? specs : await selectFiles(options.paths, specs, root, options.cwd);
  const changed = options.since === undefined ? undefined : await changedSince(options.since, root);
  const selected = changed === undefined ? named : named.filter((file) => changed.has(file));
  const wanted = new Set(selected);
  // What is wrong with the configuration or the schema spoils every file. A change may also spoil what did not change.
  const about = ({ file, related }: Finding) =>
    wanted.has(file) ||
    !specs.includes(file) ||
    (changed !== undefined && named.includes(file) && related.some((other) => wanted.has(other.file)));
  const { kept: shown, known } = withoutBaseline(findings.filter(about), findings, root, options.baseline);
  const fromCwd = (file: string) => relative(options.cwd, resolve(root, file)).split(sep).join("/");
  const moved = <Range extends SourceRange>(range: Range): Range => ({ ...range, file: fromCwd(range.file) });
  const texts = once(() => new Map(sources.files.map((file) => [fromCwd(file), file])));
  return {
    findings: shown.map((finding): Finding => ({ ...moved(finding), related: finding.related.map(moved) })),
    summary: { files: selected.length, ...countSeverities(shown), ...(known > 0 && { known }), fixed: 0, durationMs: 0 },
    source: (file) => sources.text(texts().get(file) ?? file),
  };
}

async function filesFor({ cwd, config, texts, cache }: LintProjectOptions): Promise<ProjectFiles> {
  const options = { cwd, ...(config !== undefined && { config }), ...(cache !== undefined && { cache }) };
  if (texts === undefined || texts.size === 0) return readProjectFiles(options);
  const root = dirname(findConfig(cwd, config));
  const overrides = new Map([...texts].map(([file, text]) => [relative(root, resolve(cwd, file)).split(sep).join("/"), text]));
  for (const file of overrides.keys()) if (file.startsWith("../")) throw new ToolError("usage", `${file} is outside of the project.`);
  return readProjectFiles({ ...options, overrides });
}
