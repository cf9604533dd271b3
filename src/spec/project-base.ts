import { existsSync } from "node:fs";
import { join } from "node:path";
import { basename } from "node:path/posix";
import { buildMachine } from "./build/build-machine.js";
import { buildShared } from "./build/build-shared.js";
import { buildUseCase } from "./build/build-use-case.js";
import { cursor } from "./build/cursor.js";
import { baseKey } from "./cache/input-keys.js";
import { checkNames, checkNamesIn, type NamedSpec, nameIn } from "./check-names.js";
import { checkTypes, checkTypesIn } from "./check-types.js";
import type { SchemaFailure, SchemaReading } from "./drizzle-schema.js";
import type { Problem } from "./finding.js";
import type { Config, Project, UseCase } from "./model.js";
import { pascalCase } from "./names.js";
import type { ProjectFiles, SpecContent } from "./project-files.js";
import { checkSpec, type ReadSpec } from "./read-spec.js";
import { type SoundPart, soundPart } from "./sound-part.js";
import type { YamlDocument } from "./yaml/yaml-document.js";

/** What every use case of a project stands on: the configuration, the shared files and the machines. */
export interface ProjectBase extends Pick<Project, "config" | "machines" | "types"> {
  readonly unreadMachines: readonly string[];
  /** Names all of it: what one use case is, and what is wrong with it, follows from this, its own file, the schema and little else. */
  readonly key: string;
  /** What is wrong with the files themselves. */
  readonly problems: readonly Problem[];
  /** The machines' files. */
  readonly named: readonly NamedSpec[];
  /** Reads one use case. */
  read(content: SpecContent): ReadUseCase;
}

export interface ReadUseCase {
  /** As far as its file says one. */
  readonly name: string | undefined;
  /** Undefined where the file is not what the language says. */
  readonly useCase: UseCase | undefined;
  /** What is sound of it then. */
  readonly partial?: PartialUseCase;
  /** What is wrong with it by itself. */
  readonly problems: readonly Problem[];
}

export interface PartialUseCase extends Pick<SoundPart, "isDoubtful"> {
  readonly useCase: UseCase;
}

const bases = new WeakMap<ProjectFiles, ProjectBase>();

/** The same for all who work on the same files. */
export function baseOf(files: ProjectFiles): ProjectBase {
  const base = bases.get(files) ?? readBase(files);
  bases.set(files, base);
  return base;
}

/** Reads the files that are no use cases. */
export function readBase({ config, files, sources }: Pick<ProjectFiles, "config" | "files" | "sources">): ProjectBase {
  const base = files.filter(({ kind }) => kind !== "usecase");
  const problems: Problem[] = [];
  const specs: ReadSpec[] = [];
  for (const { kind, file, document, refusal } of base) {
    if (kind === undefined) problems.push(notRead(file, refusal));
    else specs.push(checkSpec(kind, document));
  }
  problems.push(...specs.flatMap((spec) => spec.problems));

  let report = (problem: Problem): unknown => problems.push(problem);
  const shared = buildShared(
    specs.filter(({ kind }) => kind === "shared").map(({ document, damage }) => ({ at: cursor(document, true), damage })),
    (problem) => report(problem),
  );
  const machines = specs.filter(({ kind }) => kind === "machine");
  const sound = machines.filter(({ damage }) => damage.length === 0);
  problems.push(...checkTypes({ types: shared.types, config }));
  return {
    config,
    key: baseKey({ config, files, sources }),
    problems,
    named: machines.map(({ document }) => ({ kind: "machine", file: document.file, name: nameIn(document.value, "machine") })),
    machines: sound.map(({ document }) => buildMachine(cursor(document, false))),
    unreadMachines: machines
      .filter((spec) => !sound.includes(spec))
      .map(({ document }) => nameIn(document.value, "machine") ?? pascalCase(basename(document.file, ".machine.yaml"))),
    types: shared.types,
    read({ document }) {
      const spec = checkSpec("usecase", document);
      const name = nameIn(document.value, "usecase");
      if (spec.damage.length === 0) return { name, ...build(document, spec.problems) };
      const sound = soundPart(spec);
      if (sound === undefined) return { name, useCase: undefined, problems: spec.problems };
      const { isDoubtful } = sound;
      const { useCase, problems: found } = build(sound.document, []);
      const certain = found.filter(({ place }) => place.file !== document.file || !isDoubtful(place.path));
      return { name, useCase: undefined, partial: { useCase, isDoubtful }, problems: [...spec.problems, ...certain] };
    },
  };

  function build(document: YamlDocument, known: readonly Problem[]) {
    const own: Problem[] = [...known];
    report = (problem) => own.push(problem);
    const useCase = buildUseCase(cursor(document, false), shared, config);
    return { useCase, problems: [...own, ...checkNamesIn(useCase), ...checkTypesIn(shared, useCase)] };
  }
}

/** The whole of a project, with whatever is wrong with its parts together. */
export function projectOf(
  root: string,
  { config, machines, unreadMachines, types }: ProjectBase,
  reading: SchemaReading,
  useCases: readonly UseCase[],
  isIncomplete = false,
): Project {
  const schema = "failure" in reading ? undefined : reading.schema;
  return { root, config, machines, unreadMachines, types, useCases, ...(isIncomplete && { incomplete: true }), schema };
}

/** What is wrong with a project beside what is wrong with each of its use cases. */
export function baseProblems(
  root: string,
  { problems, config, types, named }: ProjectBase,
  reading: SchemaReading,
  useCases: readonly NamedSpec[],
): Problem[] {
  const schema = "failure" in reading ? [schemaProblem(root, config, reading.failure)] : [];
  return [...problems, ...schema, ...checkNames({ config, types }, [...named, ...useCases])];
}

function schemaProblem(root: string, { file = "", schema }: Config, { module, message }: SchemaFailure): Problem {
  // A module that is not there has no first line: the mistake is where it is named.
  const place = existsSync(join(root, module)) ? { file: module, path: [] } : { file, path: ["schema", schema.indexOf(module)] };
  return { ruleId: "spec/drizzle-schema", severity: "error", message, place };
}

function notRead(file: string, refusal: string | undefined): Problem {
  const place = { file, path: [] };
  if (refusal !== undefined) return { ruleId: "spec/file-name", severity: "error", message: refusal, place };
  return {
    ruleId: "spec/file-name",
    severity: "warning",
    message: "The name does not say what the file is, so it is not read.",
    place,
    help: "Call it <name>.usecase.yaml, <name>.machine.yaml or <name>.shared.yaml.",
  };
}
