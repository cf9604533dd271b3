import type { Problem } from "../spec/finding.js";
import type { Project, UseCase } from "../spec/model.js";
import type { ProjectBase, ReadUseCase } from "../spec/project-base.js";
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

/** Makes something of one use case after the other, until there are mistakes: nobody wants any of it then. */
export function openCompanion(
  companion: Pick<Companion, "open"> | undefined,
  project: Project,
  { problems }: Pick<ProjectBase, "problems">,
): MakeBeside {
  let make = project.schema === undefined || problems.some(isError) ? undefined : companion?.open(project);
  return async ({ useCase }, { findings, startedBy }) => {
    if (findings.some(isError)) make = undefined;
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

const isError = ({ severity }: Pick<Problem, "severity">) => severity === "error";
