import type { Project, UseCase } from "../spec/model.js";
import type { ReadUseCase } from "../spec/project-base.js";
import type { CheckedUseCase } from "./checked-use-case.js";

/** What else is made of many use cases as they are looked into: their models are at hand then, with all that lint knows of them. */
export interface Companion {
  /** What a second thread does: lint, and the same beside it. */
  readonly work: "generate";
  /** Opened where the schema is known; the project is one without use cases. */
  open(project: Project): (useCase: UseCase) => Promise<unknown>;
  /** Told what was made, in whichever thread. */
  onMade(file: string, made: unknown): void;
}

/** Undefined where nothing is made of a use case. */
export type MakeBeside = (read: ReadUseCase, checked: CheckedUseCase) => Promise<unknown>;

/** Makes something of one use case after the other, until one has mistakes: nobody wants any of it then. */
export function openCompanion(companion: Pick<Companion, "open"> | undefined, project: Project): MakeBeside {
  let make = companion?.open(project);
  return async ({ useCase }, { findings, startedBy }) => {
    if (findings.some(({ severity }) => severity === "error")) make = undefined;
    // Who sends what starts one is known when all have been looked into.
    if (make === undefined || useCase === undefined || startedBy !== undefined) return undefined;
    try {
      return await make(useCase);
    } catch {
      // Whoever makes it for good finds out what is wrong.
      return undefined;
    }
  };
}
