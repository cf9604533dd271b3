import { join } from "node:path";
import type { LoadedProject } from "../spec/load-project.js";
import { needsHandler } from "../spec/needs-handler.js";
import { ToolError } from "../spec/tool-error.js";
import { emitFiles } from "./emit-files.js";
import { unifiedDiff } from "./files/diff.js";
import { finishEarlierRun, isCutOff } from "./files/journal.js";
import { type FileHashes, hashOf, type Manifest, manifestFile, manifestText, readManifest } from "./files/manifest.js";
import { diffOf, type PlannedFile, planFiles } from "./files/plan.js";
import { exclusively, type LockOwner } from "./files/project-lock.js";
import { type Change, writeChanges } from "./files/write.js";
import { formatFiles } from "./format/format-files.js";
import type { FileReport, GenerateReport } from "./generate-report.js";
import { type HandlerPlan, planHandlers } from "./handler/plan-handlers.js";
import { planRenames } from "./handler/plan-renames.js";
import { openKeptOutput } from "./kept-output.js";
import { type Memory, rememberRun } from "./last-run.js";
import { type MigrationPlan, planMigration } from "./migrations.js";
import { pathsOf } from "./paths.js";
import { refuseUnknownEmitters, selectEmitters } from "./select-emitters.js";
import { refuseBrokenOutput } from "./template/refuse-broken-output.js";

export interface GenerateOptions {
  /** Writes nothing: says what is stale. */
  readonly check?: boolean;
  /** Writes nothing: says what would be written. */
  readonly dryRun?: boolean;
  /** Removes what nothing makes any more, as far as it has no changes by hand. */
  readonly prune?: boolean;
  /** Overwrites what was edited by hand. */
  readonly force?: boolean;
  /** Emitters by name: nothing but what they make is written, and no migration. */
  readonly only?: readonly string[];
  /** Told once, when another run that writes to the project has to be waited for. */
  readonly onWait?: (owner: LockOwner) => void;
  /** Written with what is generated, or not at all: a new spec. */
  readonly also?: readonly Change[];
}

/**
 * Generates code and the migration of our tables. Nothing is written before all of it is made, and then all or nothing.
 * The project must lint without errors: what a spec gets wrong is not looked for here.
 * @throws ToolError when the Drizzle schema or a file cannot be read, or a path leaves its folder
 */
export function generate({ project }: Pick<LoadedProject, "project">, options: GenerateOptions = {}): Promise<GenerateReport> {
  return whileNobodyWrites(project.root, options, () => generateAlone({ project }, options));
}

/** Waits for another run that writes to the project, and keeps others waiting; nothing is locked where nothing is written. */
export function whileNobodyWrites<T>(root: string, { check, dryRun, onWait }: GenerateOptions, work: () => Promise<T>): Promise<T> {
  return exclusively(root, work, { reading: check === true || dryRun === true, onWait });
}

/** The same for who has made sure that nobody else writes. */
export async function generateAlone(
  { project }: Pick<LoadedProject, "project">,
  options: GenerateOptions = {},
  memory?: Memory,
): Promise<GenerateReport> {
  const { root, config } = project;
  const { only } = options;
  refuseUnknownEmitters(only);
  const writing = options.check !== true && options.dryRun !== true;
  if (writing) await finishEarlierRun(root, [config.specs, config.out, config.migrations, ".usecase"]);
  else if (await isCutOff(root)) throw cutOff();
  const before = await readManifest(root);
  const kept = memory && openKeptOutput(root, memory);
  const { emitted, manifest, rest } = selectEmitters(only, await emitFiles(project, kept), before);
  const { files: formatted, unformatted, failure } = await formatFiles(root, config, emitted, manifest);
  const [files, migration] = await Promise.all([
    planFiles({ root, folder: config.out, emitted: formatted, manifest: manifest.files }),
    only === undefined ? planMigration(root, config) : undefined,
  ]);
  await refuseBrokenOutput(emitted, files);
  const { planned, notices, records } = await handlersOf(project, files, manifest, only);

  const refused = options.force !== true && planned.some(({ status }) => status === "edited");
  const changes = planned.filter((file) => isChange(file, options));
  const stale = changes.length > 0 || refused || migration !== undefined || planned.some(({ status }) => status === "orphan");
  const written = !refused && writing;
  if (written) {
    const files = new Map([...rest.files, ...hashesOf(planned, changes, manifest)]);
    const part = (map: FileHashes) => new Map([...map].filter(([path]) => files.has(path)));
    const after = {
      files,
      unformatted: part(new Map([...rest.unformatted, ...unformatted])),
      handlers: new Map([...rest.handlers, ...records]),
    };
    await write(root, changes, [...(options.also ?? []), ...(migration?.files ?? [])], before.text, manifestText(after));
  }
  const isWhole = only === undefined && failure === undefined && notices.length === 0;
  if (memory !== undefined && written && isWhole && planned.every(({ after }) => after !== undefined))
    rememberRun(memory, { root, config, planned });
  return {
    files: [...planned.map(fileReport), ...migrationReport(migration)].sort((a, b) => (a.path < b.path ? -1 : 1)),
    notices,
    stale,
    refused,
    written,
    ...(failure !== undefined && { formatFailure: failure }),
  };
}

async function handlersOf(
  project: LoadedProject["project"],
  planned: readonly PlannedFile[],
  { handlers: known }: Manifest,
  only: GenerateOptions["only"],
): Promise<HandlerPlan> {
  if (only?.includes("handler") === false) return { planned, notices: [], records: new Map() };
  const { useCase: paths } = pathsOf(project.config);
  const useCases = new Map(project.useCases.filter(needsHandler).map((useCase) => [paths(useCase.name).handler, useCase]));
  const { root } = project;
  const moved = await planRenames({ root, planned, useCases, known });
  return planHandlers({ root, planned: moved, useCases, known });
}

function cutOff(): ToolError {
  return new ToolError("files/unreadable", "An earlier run was cut off while it wrote.", {
    help: "Run `usecase generate`: it finishes that one first.",
  });
}

function isChange({ status }: PlannedFile, { prune, force }: GenerateOptions): boolean {
  return (
    status === "create" ||
    status === "update" ||
    status === "extend" ||
    status === "move" ||
    status === "left" ||
    (status === "edited" && force === true) ||
    (status === "orphan" && prune === true)
  );
}

/** The hashes of what is ours when the changes are made. */
function hashesOf(planned: readonly PlannedFile[], changes: readonly PlannedFile[], { files }: Manifest): FileHashes {
  const changed = new Set(changes);
  return new Map(
    planned.flatMap((file) => {
      if (file.kind !== "generated") return [];
      if (file.after !== undefined) return [[file.path, hashOf(file.after)]];
      return changed.has(file) ? [] : [[file.path, files.get(file.path) ?? ""]];
    }),
  );
}

/** The manifest last. */
async function write(
  root: string,
  planned: readonly PlannedFile[],
  others: readonly Change[],
  before: string | undefined,
  after: string,
): Promise<void> {
  const left = planned.flatMap(({ from }) => (from === undefined ? [] : [{ ...from, after: undefined, kind: "scaffold" }]));
  const manifest = before === after ? [] : [{ target: join(root, manifestFile), before, after }];
  await writeChanges(root, [...others, ...left, ...planned, ...manifest]);
}

function fileReport(file: PlannedFile): FileReport {
  const { path, kind, status, added, from } = file;
  return {
    path,
    kind,
    status,
    // Made when it is asked for: nobody reads the diffs of thousands of new files.
    get diff() {
      return diffOf(file);
    },
    ...(added !== undefined && { added }),
    ...(from !== undefined && { from: from.path }),
  };
}

function migrationReport(migration: MigrationPlan | undefined): readonly FileReport[] {
  return (migration?.files ?? []).map(({ path, before, after }) => ({
    path,
    kind: "migration",
    status: before === undefined ? "create" : "update",
    diff: unifiedDiff(path, before, after),
  }));
}
