import type { Project, UseCase } from "../spec/model.js";
import { createFileMaker, emitUseCase, type Made } from "./emit-use-case.js";
import { readTemplates } from "./template/read-templates.js";

/** Lint's companion: makes the files of many use cases in its threads, before it is known whether all of them lint. */
export function createCompanion() {
  const made = new Map<string, Made>();
  return {
    work: "generate" as const,
    open: openMaker,
    onMade(file: string, each: unknown) {
      made.set(file, each as Made);
    },
    /** By the files of the specs. */
    made,
  };
}

/** Makes the files of one use case after the other. */
export function openMaker(project: Project): (useCase: UseCase) => Promise<Made> {
  const { root, config } = project;
  const maker = createFileMaker(project, () => readTemplates({ root, folder: config.templates, config: config.file }));
  return (useCase) => emitUseCase(maker, { useCase, seen: undefined });
}
