import type { NamedSpec } from "./check-names.js";
import type { Problem } from "./finding.js";
import type { Project, UseCase } from "./model.js";
import { baseOf, baseProblems, type PartialUseCase, projectOf } from "./project-base.js";
import { type LoadOptions, type ProjectFiles, readProjectFiles } from "./project-files.js";
import type { SourceMap } from "./source-map.js";
import { modelsOf } from "./use-case-models.js";

export type { LoadOptions } from "./project-files.js";

export interface LoadedProject {
  readonly project: Project;
  /** What is wrong with the files themselves; a use case with such problems is not in the project. */
  readonly problems: readonly Problem[];
  readonly sources: SourceMap;
  /** What is sound of the use cases whose files have mistakes. */
  readonly partial: readonly PartialUseCase[];
}

/**
 * Reads the configuration, every spec and the Drizzle schema.
 * @throws ToolError when there is no configuration or it is wrong; what is wrong with specs is among `problems`.
 */
export async function loadProject(options: LoadOptions): Promise<LoadedProject> {
  return loadFiles(await readProjectFiles(options));
}

/** Looks into the files of a project. */
export async function loadFiles(files: ProjectFiles): Promise<LoadedProject> {
  const base = baseOf(files);
  const models = modelsOf(files);
  const specs = files.files.filter(({ kind }) => kind === "usecase");
  const read = specs.map(models.read);
  models.write();
  const reading = await files.schema;
  const useCases = read.flatMap(({ useCase }): UseCase[] => (useCase === undefined ? [] : [useCase]));
  const named = specs.map(({ file }, index): NamedSpec => ({ kind: "usecase", file, name: read[index]?.name }));
  return {
    project: projectOf(
      files.root,
      base,
      reading,
      useCases,
      useCases.length < specs.length || files.files.some(({ refusal }) => refusal !== undefined),
    ),
    problems: [...read.flatMap(({ problems }) => problems), ...baseProblems(files.root, base, reading, named)],
    sources: files.sources,
    partial: read.flatMap(({ partial }) => partial ?? []),
  };
}
