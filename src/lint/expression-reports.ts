import type { CheckedExpression } from "../spec/expression/check.js";
import type { UseCaseContext } from "./context.js";
import type { ExpressionUse } from "./expression-uses.js";
import type { Report } from "./rule.js";

export type ExpressionProblem = CheckedExpression["problems"][number];

/** Reports of the problems of a use case's expressions that a rule is about, each under the characters that it is about. */
export function expressionReports(
  { wrongExpressions }: UseCaseContext,
  isAbout: (problem: ExpressionProblem, use: ExpressionUse) => boolean,
  help?: string,
): readonly Report[] {
  return wrongExpressions().flatMap((use) => {
    const problems = use.checked.problems.filter((problem) => isAbout(problem, use));
    return problems.map(({ message, start, end, suggestions }) => ({
      at: use.expression,
      span: { start, end },
      message,
      ...(suggestions !== undefined && { suggestions }),
      ...(help !== undefined && { help }),
    }));
  });
}
