import type { Project, UseCase } from "../spec/model.js";
import { expressionsOf, type PartExpression } from "./expression-parts.js";

/** An expression of a use case, checked. */
export interface ExpressionUse extends PartExpression {
  readonly todo?: never;
}

export function useCaseExpressions(_project: Project, useCase: UseCase): readonly ExpressionUse[] {
  return [...expressionsOf(useCase)];
}
