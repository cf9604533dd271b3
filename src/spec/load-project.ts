import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { basename } from "node:path/posix";
import { buildMachine } from "./build/build-machine.js";
import { buildShared, type SharedLookup } from "./build/build-shared.js";
import { buildUseCase } from "./build/build-use-case.js";
import { cursor } from "./build/cursor.js";
import { type CacheStore, openCache } from "./cache/cache-store.js";
import { readCachedSchema } from "./cache/cached-schema.js";
import type { CachedUseCase } from "./cache/cached-use-cases.js";
import { contentHash } from "./cache/content-hash.js";
import { checkNames, checkNamesIn, type NamedSpec, nameIn } from "./check-names.js";
import { checkTypes, checkTypesIn } from "./check-types.js";
import { readConfig } from "./config/read-config.js";
import type { SchemaReading } from "./drizzle-schema.js";
import type { Problem } from "./finding.js";
import type { Config, Project, UseCase } from "./model.js";
import { pascalCase } from "./names.js";
import { checkSpec, type ReadSpec } from "./read-spec.js";
import { type SoundPart, soundPart } from "./sound-part.js";
import { createSourceMap, type SourceFile, type SourceMap } from "./source-map.js";
import { findSpecFiles } from "./spec-files.js";
import { ToolError } from "./tool-error.js";
import { decodeText, readYaml } from "./yaml/read-yaml.js";
import type { YamlDocument } from "./yaml/yaml-document.js";

export interface LoadOptions {
  /** Absolute; the configuration is looked for here and upwards. */
  readonly cwd: string;
  /** The configuration's path, relative to `cwd`. */
  readonly config?: string;
  /** Unsaved texts by file, relative to the project's root with `/`. */
  readonly overrides?: ReadonlyMap<string, string>;
  /** Whether to keep answers in `.usecase/cache/` and use those of earlier runs. Default: no. */
  readonly cache?: boolean | CacheStore;
}

export interface LoadedProject {
  readonly project: Project;
  /** What is wrong with the files themselves; a use case with such problems is not in the project. */
  readonly problems: readonly Problem[];
  readonly sources: SourceMap;
  /** What is sound of the use cases whose files have mistakes. */
  readonly partial: readonly PartialUseCase[];
}

export interface PartialUseCase extends Pick<SoundPart, "isDoubtful"> {
  readonly useCase: UseCase;
}

/** A project's files, read but not looked into. */
export interface ProjectFiles {
  readonly root: string;
  readonly config: Config;
  readonly files: readonly SpecContent[];
  readonly cache: CacheStore | undefined;
  /** The schema runs in a thread of its own while the specs are read. */
  readonly schema: Promise<SchemaReading>;
  readonly sources: SourceMap;
}

export interface SpecContent extends SourceFile {
  readonly kind: ReadSpec["kind"] | undefined;
  readonly hash: string;
}

/**
 * Reads the configuration, every spec and the Drizzle schema.
 * @throws ToolError when there is no configuration or it is wrong; what is wrong with specs is among `problems`.
 */
export async function loadProject(options: LoadOptions): Promise<LoadedProject> {
  return loadFiles(await readProjectFiles(options));
}

/** @throws ToolError when there is no configuration or it is wrong, or a file cannot be read. */
export async function readProjectFiles({ cwd, config: given, overrides = new Map(), cache: cached }: LoadOptions): Promise<ProjectFiles> {
  const { root, config, document: configDocument } = await readConfig(cwd, given, overrides);
  const cache = typeof cached === "object" ? cached : cached === true ? openCache(root) : undefined;
  const schema = readCachedSchema(root, config.schema, cache);
  // Whoever wants the schema is told; until then something else may have gone wrong first.
  schema.catch(() => {});
  const files = (await findSpecFiles(root, config.specs, overrides.keys())).map(({ file, kind }): SpecContent => {
    const content = kind === undefined ? "" : (overrides.get(file) ?? bytesOf(root, file));
    let document: YamlDocument | undefined;
    return {
      file,
      kind,
      hash: contentHash(content),
      get text() {
        return document?.text ?? decodeText(content);
      },
      get document() {
        document ??= readYaml(file, content);
        return document;
      },
    };
  });
  const sources = createSourceMap([configDocument, ...files.filter(({ kind }) => kind !== undefined)]);
  return { root, config, files, cache, schema, sources };
}

/** Looks into the files of a project. */
export async function loadFiles({ root, config, files, cache, schema: reading, sources }: ProjectFiles): Promise<LoadedProject> {
  const problems: Problem[] = [];
  for (const { file, kind } of files) if (kind === undefined) problems.push(unknownKind(file));

  const specs: ReadSpec[] = [];
  const named: NamedSpec[] = [];
  const read = async ({ kind, file, document }: SpecContent): Promise<ReadSpec | undefined> => {
    if (kind === undefined) return undefined;
    const spec = await checkSpec(kind, document);
    specs.push(spec);
    problems.push(...spec.problems);
    named.push({ kind, file, name: nameIn(document.value, kind) });
    return spec;
  };
  for (const file of files) if (file.kind !== "usecase") await read(file);

  let report = (problem: Problem): unknown => problems.push(problem);
  const shared = buildShared(
    specs.filter(({ kind }) => kind === "shared").map(({ document, damage }) => ({ at: cursor(document, true), damage })),
    (problem) => report(problem),
  );
  const build = (document: YamlDocument): Omit<CachedUseCase, "hash"> => {
    const own: Problem[] = [];
    const before = report;
    report = (problem) => own.push(problem);
    const useCase = buildUseCase(cursor(document, false), shared satisfies SharedLookup, config);
    report = before;
    return { useCase, problems: [...own, ...checkNamesIn(useCase), ...checkTypesIn(shared, useCase)] };
  };

  const key = contentHash(JSON.stringify([config, files.flatMap(({ kind, file, hash }) => (kind === "shared" ? [file, hash] : []))]));
  const kept = cache?.read("use-cases");
  const known = kept?.key === key ? kept.files : {};
  const sound: Record<string, CachedUseCase> = {};
  let changed = false;
  const useCases: UseCase[] = [];
  const partial: PartialUseCase[] = [];
  for (const content of files) {
    if (content.kind !== "usecase") continue;
    const { file, hash } = content;
    let entry = Object.hasOwn(known, file) && known[file]?.hash === hash ? known[file] : undefined;
    if (entry === undefined) {
      const spec = await read(content);
      if (spec === undefined) continue;
      if (spec.damage.length > 0) {
        const sound = await soundPart(spec);
        if (sound === undefined) continue;
        const { useCase, problems: own } = build(sound.document);
        partial.push({ useCase, isDoubtful: sound.isDoubtful });
        problems.push(...own.filter(({ place }) => place.file !== file || !sound.isDoubtful(place.path)));
        continue;
      }
      entry = { hash, ...build(spec.document) };
      changed = true;
    } else named.push({ kind: "usecase", file, name: entry.useCase.name });
    sound[file] = entry;
    useCases.push(entry.useCase);
    problems.push(...entry.problems);
  }
  if (changed) cache?.write("use-cases", { key, files: sound });

  const machines = specs.filter(({ kind, damage }) => kind === "machine" && damage.length === 0);
  const unreadMachines = specs
    .filter(({ kind, damage }) => kind === "machine" && damage.length > 0)
    .map(({ document }) => nameIn(document.value, "machine") ?? pascalCase(basename(document.file, ".machine.yaml")));
  const answer = await reading;
  if ("failure" in answer) {
    const { module, message } = answer.failure;
    // A module that is not there has no first line: the mistake is where it is named.
    const named = existsSync(join(root, module)) ? undefined : config.schema.indexOf(module);
    const place = named === undefined ? { file: module, path: [] } : { file: config.file ?? "", path: ["schema", named] };
    problems.push({ ruleId: "spec/drizzle-schema", severity: "error", message, place });
  }
  const project: Project = {
    root,
    config,
    useCases,
    ...(specs.some(({ kind, damage }) => kind === "usecase" && damage.length > 0) && { incomplete: true }),
    machines: machines.map(({ document }) => buildMachine(cursor(document, false))),
    unreadMachines,
    types: shared.types,
    schema: "failure" in answer ? undefined : answer.schema,
  };
  problems.push(...checkNames(project, named), ...checkTypes(project));
  return { project, problems, sources, partial };
}

/** Thousands of small files: reading them one after the other takes a fifth of the time that promises take. */
function bytesOf(root: string, file: string): Uint8Array {
  try {
    return readFileSync(join(root, file));
  } catch (cause) {
    throw new ToolError("files/unreadable", `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function unknownKind(file: string): Problem {
  return {
    ruleId: "spec/file-name",
    severity: "warning",
    message: "The name does not say what the file is, so it is not read.",
    place: { file, path: [] },
    help: "Call it <name>.usecase.yaml, <name>.machine.yaml or <name>.shared.yaml.",
  };
}
