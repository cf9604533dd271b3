import type { CheckedExpression } from "../spec/expression/check.js";
import { checkAt } from "../spec/expression/scope.js";
import type { Project, UseCase } from "../spec/model.js";
import { expressionsOf, type PlacedExpression } from "./placed-expressions.js";

/** An expression of a use case, checked. */
export interface ExpressionUse extends PlacedExpression {
  readonly checked: CheckedExpression;
}

/** Every expression of a use case, checked in its scope and against what its place expects. */
export function useCaseExpressions(project: Project, useCase: UseCase): readonly ExpressionUse[] {
  return expressionsOf(project, useCase).map(({ place, expression }) => ({
    place,
    expression,
    checked: checkAt(project, useCase, place, expression),
  }));
}
