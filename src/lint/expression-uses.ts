import type { CheckedExpression } from "../spec/expression/check.js";
import { checkAt, type ExpressionPlace } from "../spec/expression/scope.js";
import type { Expression, Project, UseCase } from "../spec/model.js";
import { findExpressions } from "./placed-expressions.js";

/** An expression of a use case, checked, with what it is for. */
export interface ExpressionUse {
  readonly place: ExpressionPlace;
  readonly expression: Expression;
  readonly checked: CheckedExpression;
}

/** Every expression of a use case, checked in its scope and against what its place expects. */
export function useCaseExpressions(project: Project, useCase: UseCase): readonly ExpressionUse[] {
  const uses: ExpressionUse[] = [];
  findExpressions(project, useCase, (place, expression) => {
    uses.push({ place, expression, checked: checkAt(project, useCase, place, expression) });
  });
  return uses;
}
