import type { Problem } from "../spec/finding.js";
import type { SourceMap } from "../spec/source-map.js";
import type { UseCaseContext } from "./context.js";
import { once } from "./once.js";
import { placeProblem } from "./place-problem.js";
import type { PlacedFinding } from "./placed-finding.js";
import { problemsOf } from "./problems-of.js";
import { rules } from "./registry.js";
import type { Gatherer, Rule } from "./rule.js";

/** Counts a rule's work. */
export type TimeRule = <T>(ruleId: string, work: () => T) => T;

export const untimed: TimeRule = (_id, work) => work();

/** What all rules find in one use case by itself. */
export function checkUseCase(
  context: UseCaseContext,
  sources: SourceMap,
  time: TimeRule = untimed,
  isWanted: (rule: Rule) => boolean = () => true,
): readonly PlacedFinding[] {
  const problems: Problem[] = [];
  for (const rule of rules.filter(isWanted)) {
    if (rule.subject === "use case") problems.push(...time(rule.id, () => problemsOf(rule, context.file, rule.check(context))));
    else if (rule.subject === "project" && rule.checkUseCase !== undefined) {
      const { checkUseCase: check } = rule;
      problems.push(...time(rule.id, () => problemsOf(rule, context.file, check(context))));
    }
  }
  return problems.map((problem) => placeProblem(problem, sources));
}

/** What rules on the whole project want to know of one use case. */
export function gatherFacts(context: UseCaseContext): Readonly<Record<string, unknown>> {
  const facts: Record<string, unknown> = {};
  for (const { id, of } of gatherers()) {
    const fact = of(context);
    if (fact !== undefined) facts[id] = fact;
  }
  return facts;
}

/** Several rules may want the same facts. */
const gatherers = once((): readonly Gatherer<unknown>[] => [
  ...new Map(rules.flatMap((rule) => (rule.subject === "project" && rule.gather ? [[rule.gather.id, rule.gather]] : []))).values(),
]);
