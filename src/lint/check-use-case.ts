import type { Problem } from "../spec/finding.js";
import type { SourceMap } from "../spec/source-map.js";
import type { UseCaseContext } from "./context.js";
import { once } from "./once.js";
import { placeProblem } from "./place-problem.js";
import type { PlacedFinding } from "./placed-finding.js";
import { problemOf } from "./problem-of.js";
import { rules } from "./registry.js";
import type { Gatherer, OnReport, Report, Rule } from "./rule.js";
import type { TimeRule } from "./stopwatch.js";

/** A rule with what it asks of one use case. */
interface UseCaseCheck {
  readonly rule: Rule;
  check(context: UseCaseContext, report: OnReport): void;
}

/** What all rules ask of one use case by itself. */
export const allChecks = once(() => rules.flatMap(checkOf));

/** Of those the ones that judge what stands there, never what is missing. */
export const localChecks = once(() => allChecks().filter(({ rule }) => rule.local === true));

function checkOf(rule: Rule): readonly UseCaseCheck[] {
  if (rule.subject === "use case") return [{ rule, check: rule.check }];
  if (rule.subject !== "project" || rule.checkUseCase === undefined) return [];
  return [{ rule, check: rule.checkUseCase }];
}

/** What is found in one use case by itself. */
export function checkUseCase(
  context: UseCaseContext,
  sources: SourceMap,
  checks: readonly UseCaseCheck[],
  time?: TimeRule,
): readonly PlacedFinding[] {
  const problems: Problem[] = [];
  const reports: Report[] = [];
  const onReport = (report: Report): void => {
    reports.push(report);
  };
  for (const { rule, check } of checks) {
    if (time === undefined) check(context, onReport);
    else time(rule.id, () => check(context, onReport));
    if (reports.length > 0) problems.push(...reports.splice(0).map((report) => problemOf(rule, context.file, report)));
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
