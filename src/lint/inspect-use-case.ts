import type { PartialUseCase, ReadUseCase } from "../spec/project-base.js";
import type { SourceMap } from "../spec/source-map.js";
import { checkUseCase, gatherFacts, type TimeRule, untimed } from "./check-use-case.js";
import type { CheckedUseCase } from "./checked-use-case.js";
import { startingMessages } from "./messages.js";
import { placeProblem } from "./place-problem.js";
import type { PlacedFinding } from "./placed-finding.js";
import { createNames, type ProjectNames, useCaseContext, withoutOthers } from "./project-context.js";

/** Looks into one use case. The rules have not seen one yet that events start: they want to know who sends these. */
export function inspectUseCase(file: string, read: ReadUseCase, names: ProjectNames, sources: SourceMap, time: TimeRule): CheckedUseCase {
  const { name, useCase } = read;
  if (useCase === undefined) return { file, name, findings: findingsOf(read, sources, names, time), facts: {}, isIncomplete: true };
  const facts = gatherFacts(useCaseContext(names, useCase));
  const startedBy = startingMessages(useCase);
  if (startedBy.length > 0) return { file, name, findings: [], facts, startedBy };
  return { file, name, findings: findingsOf(read, sources, names, time), facts };
}

/** What is wrong with one use case; `names`: what the rules see of the project. */
export function findingsOf(read: ReadUseCase, sources: SourceMap, names: ProjectNames, time?: TimeRule): readonly PlacedFinding[] {
  const own = read.problems.map((problem) => placeProblem(problem, sources));
  if (read.useCase !== undefined) return [...own, ...checkUseCase(useCaseContext(names, read.useCase), sources, time)];
  return read.partial === undefined ? own : [...own, ...checkPartial(read.partial, sources, names)];
}

/** What can be said of a use case that is not whole: nothing about what is missing, or what could be what is missing. */
export function checkPartial({ useCase, isDoubtful }: PartialUseCase, sources: SourceMap, names: ProjectNames): readonly PlacedFinding[] {
  const context = useCaseContext(createNames(withoutOthers(names.project, [])), useCase);
  const found = checkUseCase(context, sources, untimed, ({ local }) => local === true);
  return found.filter(({ file, specPath }) => file === useCase.file && !isDoubtful(specPath));
}
