import { readFileSync } from "node:fs";
import { join } from "node:path";
import { basename } from "node:path/posix";
import { buildMachine } from "./build/build-machine.js";
import { buildShared } from "./build/build-shared.js";
import { buildUseCase } from "./build/build-use-case.js";
import { cursor } from "./build/cursor.js";
import { checkNames, nameIn } from "./check-names.js";
import { checkTypes } from "./check-types.js";
import { readConfig } from "./config/read-config.js";
import { readDatabaseSchema } from "./drizzle-schema.js";
import type { Problem } from "./finding.js";
import type { Project } from "./model.js";
import { pascalCase } from "./names.js";
import { type ReadSpec, readSpec } from "./read-spec.js";
import { createSourceMap, type SourceMap } from "./source-map.js";
import { findSpecFiles } from "./spec-files.js";
import { ToolError } from "./tool-error.js";

export interface LoadOptions {
  /** Absolute; the configuration is looked for here and upwards. */
  readonly cwd: string;
  /** The configuration's path, relative to `cwd`. */
  readonly config?: string;
  /** Unsaved texts by file, relative to the project's root with `/`. */
  readonly overrides?: ReadonlyMap<string, string>;
}

export interface LoadedProject {
  readonly project: Project;
  /** What is wrong with the files themselves; a use case with such problems is not in the project. */
  readonly problems: readonly Problem[];
  readonly sources: SourceMap;
}

/**
 * Reads the configuration, every spec and the Drizzle schema.
 * @throws ToolError when there is no configuration or it is wrong; what is wrong with specs is among `problems`.
 */
export async function loadProject({ cwd, config: given, overrides = new Map() }: LoadOptions): Promise<LoadedProject> {
  const { root, config, document: configDocument } = await readConfig(cwd, given, overrides);
  const problems: Problem[] = [];
  const report = (problem: Problem): void => {
    problems.push(problem);
  };

  // The schema runs in a thread of its own while the specs are read.
  const reading = readDatabaseSchema(root, config.schema);
  const specs: ReadSpec[] = [];
  for (const { file, kind } of await findSpecFiles(root, config.specs, overrides.keys())) {
    if (kind === undefined) report(unknownKind(file));
    else specs.push(await readSpec(kind, file, overrides.get(file) ?? bytesOf(root, file)));
  }
  for (const spec of specs) problems.push(...spec.problems);

  const ofKind = (kind: ReadSpec["kind"]) => specs.filter((spec) => spec.kind === kind);
  const sound = (kind: ReadSpec["kind"]) => ofKind(kind).filter(({ damage }) => damage.length === 0);
  const shared = buildShared(
    ofKind("shared").map(({ document, damage }) => ({ at: cursor(document, true), damage })),
    report,
  );
  const useCases = sound("usecase").map(({ document }) => buildUseCase(cursor(document, false), shared, config));
  const machines = sound("machine").map(({ document }) => buildMachine(cursor(document, false)));

  const answer = await reading;
  if ("failure" in answer) {
    const { module, message } = answer.failure;
    report({ ruleId: "spec/drizzle-schema", severity: "error", message, place: { file: module, path: [] } });
  }
  const schema = "failure" in answer ? undefined : answer.schema;
  const unreadMachines = ofKind("machine")
    .filter(({ damage }) => damage.length > 0)
    .map(({ document }) => nameIn(document.value, "machine") ?? pascalCase(basename(document.file, ".machine.yaml")));
  const project: Project = { root, config, useCases, machines, unreadMachines, types: shared.types, schema };
  problems.push(...checkNames(project, specs), ...checkTypes(project));
  return { project, problems, sources: createSourceMap([configDocument, ...specs.map(({ document }) => document)]) };
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
