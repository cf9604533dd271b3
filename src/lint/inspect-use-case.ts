import type { PartialUseCase, ReadUseCase } from "../spec/project-base.js";
import type { SourceMap } from "../spec/source-map.js";
import { allChecks, checkUseCase, gatherFacts, localChecks } from "./check-use-case.js";
import type { CheckedUseCase } from "./checked-use-case.js";
import type { UseCaseContext } from "./context.js";
import { startingMessages } from "./messages.js";
import { placeProblem } from "./place-problem.js";
import type { PlacedFinding } from "./placed-finding.js";
import { type ProjectNames, useCaseContext, withoutOthers } from "./project-context.js";
import type { TimeRule } from "./stopwatch.js";

/** Looks into one use case. The rules have not seen one yet that events start: they want to know who sends these. */
export function inspectUseCase(
  file: string,
  read: ReadUseCase,
  names: ProjectNames,
  sources: SourceMap,
  time: TimeRule | undefined,
): CheckedUseCase {
  const { name, useCase } = read;
  if (useCase === undefined) return { file, name, findings: findingsOf(read, names, sources, time), facts: {}, isIncomplete: true };
  const context = useCaseContext(names, useCase);
  const facts = gatherFacts(context);
  const startedBy = startingMessages(useCase);
  if (startedBy.length > 0) return { file, name, findings: [], facts, startedBy };
  return { file, name, findings: findingsIn(context, read, sources, time), facts };
}

/** What is wrong with one use case; `names`: what the rules see of the project. */
export function findingsOf(read: ReadUseCase, names: ProjectNames, sources: SourceMap, time?: TimeRule): readonly PlacedFinding[] {
  if (read.useCase !== undefined) return findingsIn(useCaseContext(names, read.useCase), read, sources, time);
  const own = ownProblems(read, sources);
  return read.partial === undefined ? own : [...own, ...checkPartial(read.partial, sources, names)];
}

function findingsIn(context: UseCaseContext, read: ReadUseCase, sources: SourceMap, time?: TimeRule): readonly PlacedFinding[] {
  return [...ownProblems(read, sources), ...checkUseCase(context, sources, allChecks(), time)];
}

/** What is wrong with the file. */
function ownProblems({ problems }: ReadUseCase, sources: SourceMap): readonly PlacedFinding[] {
  return problems.map((problem) => placeProblem(problem, sources));
}

/** What can be said of a use case that is not whole: nothing about what is missing, or what could be what is missing. */
export function checkPartial({ useCase, isDoubtful }: PartialUseCase, sources: SourceMap, names: ProjectNames): readonly PlacedFinding[] {
  const alone = { ...names, project: withoutOthers(names.project, []) };
  const found = checkUseCase(useCaseContext(alone, useCase), sources, localChecks());
  return found.filter(({ file, specPath }) => file === useCase.file && !isDoubtful(specPath));
}
