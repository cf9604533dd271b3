import type { Project, UseCase } from "../spec/model.js";
import type { ReadUseCase } from "../spec/project-base.js";
import type { CheckedUseCase } from "./checked-use-case.js";

/** Makes something of a use case. */
export type Make = (useCase: UseCase) => Promise<unknown>;

/** What else is made of many use cases as they are looked into: their models are at hand then, with all that lint knows of them. */
export interface Companion {
  /** What a second thread does: lint, and the same beside it. */
  readonly work: "generate";
  /** Opened where the schema is known; the project is one without use cases. */
  open(project: Project): Make;
  /** Told what was made, in whichever thread. */
  onMade(file: string, made: unknown): void;
}

/** Undefined where it cannot be made, or not yet: it has mistakes, or nobody knows who sends what starts it. */
export async function madeOf({ useCase }: ReadUseCase, { findings, startedBy }: CheckedUseCase, make: Make | undefined): Promise<unknown> {
  if (make === undefined || useCase === undefined || startedBy !== undefined) return undefined;
  if (findings.some(({ severity }) => severity === "error")) return undefined;
  try {
    return await make(useCase);
  } catch {
    // Whoever makes it for good finds out what is wrong.
    return undefined;
  }
}
