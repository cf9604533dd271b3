import type { CheckedExpression } from "../spec/expression/check.js";
import type { UseCaseContext } from "./context.js";
import type { ExpressionUse } from "./expression-uses.js";
import type { OnReport } from "./rule.js";

export type ExpressionProblem = CheckedExpression["problems"][number];

/** Reports the problems of a use case's expressions that a rule is about, each under the characters that it is about. */
export function reportExpressions(
  { wrongExpressions }: UseCaseContext,
  report: OnReport,
  isAbout: (problem: ExpressionProblem, use: ExpressionUse) => boolean,
  help?: string,
): void {
  for (const use of wrongExpressions())
    for (const problem of use.checked.problems) {
      if (!isAbout(problem, use)) continue;
      const { message, start, end, suggestions } = problem;
      report({
        at: use.expression,
        span: { start, end },
        message,
        ...(suggestions !== undefined && { suggestions }),
        ...(help !== undefined && { help }),
      });
    }
}
