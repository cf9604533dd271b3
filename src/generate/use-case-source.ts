import type { Project, UseCase } from "../spec/model.js";

/** A use case that is read from its spec, or from what was kept of it, only where it is looked into. */
export interface UseCaseSource {
  /** Its spec, relative to the project's root. */
  readonly file: string;
  model(): UseCase;
  /** JSON of what has the model as its `useCase`. */
  json(): string;
}

/** What is generated from: what all use cases share, and where each of them is to be had. */
export interface GeneratorInput {
  /** Without use cases. */
  readonly project: Project;
  readonly useCases: readonly UseCaseSource[];
}

/** A project whose use cases are all there. */
export function inputOf(project: Project): GeneratorInput {
  return {
    project: { ...project, useCases: [] },
    useCases: project.useCases.map((useCase) => ({ file: useCase.file, model: () => useCase, json: () => JSON.stringify({ useCase }) })),
  };
}
