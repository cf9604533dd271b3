import { join } from "node:path";
import { contentHash } from "../spec/cache/content-hash.js";
import type { LoadedProject } from "../spec/load-project.js";
import type { Config } from "../spec/model.js";
import { ToolError } from "../spec/tool-error.js";
import { type Emitted, emit } from "./emit-files.js";
import type { Made } from "./emit-use-case.js";
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
import { type GeneratorInput, inputOf } from "./use-case-source.js";

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
  return whileNobodyWrites(project.root, options, () => generateAlone(inputOf(project), options));
}

/** Waits for another run that writes to the project, and keeps others waiting; nothing is locked where nothing is written. */
export function whileNobodyWrites<T>(root: string, { check, dryRun, onWait }: GenerateOptions, work: () => Promise<T>): Promise<T> {
  return exclusively(root, work, { reading: check === true || dryRun === true, onWait });
}

/** The same for who has made sure that nobody else writes. `ofUseCases`: what was made of use cases already, by their specs. */
export async function generateAlone(
  input: GeneratorInput,
  options: GenerateOptions = {},
  memory?: Memory,
  ofUseCases?: ReadonlyMap<string, Made>,
): Promise<GenerateReport> {
  const { root, config } = input.project;
  const { only } = options;
  refuseUnknownEmitters(only);
  const writing = options.check !== true && options.dryRun !== true;
  if (writing) finishEarlierRun(root, [config.specs, config.out, config.migrations, ".usecase"]);
  else if (isCutOff(root)) throw cutOff();
  const before = await readManifest(root);
  const made = await emit(input, memory && openKeptOutput(memory, before.files), ofUseCases);
  const { emitted, kept, manifest, rest } = selectEmitters(only, made, before);
  const { files: formatted, unformatted, failure } = await formatFiles(root, config, emitted, manifest);
  const [files, migration] = await Promise.all([
    planFiles({ root, folder: config.out, emitted: formatted, kept, manifest: manifest.files }),
    only === undefined ? planMigration(root, config) : undefined,
  ]);
  await refuseBrokenOutput(emitted, files);
  const { planned, notices, records } =
    only?.includes("handler") === false
      ? { planned: files, notices: [], records: new Map() }
      : await handlersOf(input, made.facts, files, manifest);

  const refused = options.force !== true && planned.some(({ status }) => status === "edited");
  const changes = planned.filter((file) => isChange(file, options));
  const stale = changes.length > 0 || refused || migration !== undefined || planned.some(({ status }) => status === "orphan");
  const written = !refused && writing;
  if (written) {
    const files = new Map([...rest.files, ...hashesOf(planned, changes, manifest)]);
    const part = (map: FileHashes) => new Map([...map].filter(([path]) => files.has(path)));
    const after = {
      files,
      unformatted: config.format === undefined ? new Map() : part(new Map([...before.unformatted, ...unformatted])),
      handlers: new Map([...rest.handlers, ...records]),
    };
    await write(root, changes, [...(options.also ?? []), ...(migration?.files ?? [])], before.text, manifestText(after));
  }
  if (memory !== undefined && written && only === undefined && failure === undefined)
    remember(memory, config, made, { planned, isSettled: notices.length === 0 });
  return {
    files: [...planned.map(fileReport), ...migrationReport(migration)].sort((a, b) => (a.path < b.path ? -1 : 1)),
    notices,
    stale,
    refused,
    written,
    ...(failure !== undefined && { formatFailure: failure }),
  };
}

function handlersOf(
  { project: { root, config }, useCases: sources }: GeneratorInput,
  facts: Emitted["facts"],
  planned: readonly PlannedFile[],
  { handlers: known }: Manifest,
): Promise<HandlerPlan> {
  const { useCase: paths } = pathsOf(config);
  const useCases = new Map(
    sources.flatMap(({ file, model }) => {
      const record = facts.get(file)?.handler;
      return record === undefined ? [] : [[paths(record.useCase).handler, { record, model }] as const];
    }),
  );
  return planRenames({ root, planned, useCases, known }).then((moved) => planHandlers({ root, planned: moved, useCases, known }));
}

/** Keeps what was made, and, unless a person still has something to do about it, that there is nothing more to do. */
function remember(
  memory: Memory,
  config: Config,
  made: Emitted,
  { planned, isSettled }: { readonly planned: readonly PlannedFile[]; readonly isSettled: boolean },
): void {
  const { hashes } = memory;
  const files = planned.map(({ path, kind, after, isKept }) => {
    return [path, kind, isKept ? hashes.of(path) : after === undefined ? undefined : contentHash(after)] as const;
  });
  const onDisk = new Map(files.map(([path, , hash]) => [path, hash]));
  made.keep((path) => onDisk.get(path));
  const known = files.flatMap(([path, kind, hash]) => (hash === undefined ? [] : [[path, kind, hash] as const]));
  if (isSettled && known.length === files.length) rememberRun(memory, config, known);
  hashes.write();
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
    get diff() {
      return unifiedDiff(path, before, after);
    },
  }));
}
