import type { ErasedCondition, ErasedScope, ErasedWhere, Fields } from "../internals.js";

/** A condition with its values in the place of its expressions, as the audit keeps it: `{ userId: "u-1", at: { lt: … } }`. */
export function conditionValues(where: ErasedWhere, scope: ErasedScope, hide: (column: string, value: unknown) => unknown): Fields {
  const { OR, NOT, ...columns } = where;
  const own = Object.entries(columns).flatMap(([column, condition]) =>
    condition === undefined || isLeftOut(condition as ErasedCondition, scope)
      ? []
      : [[column, valuesOf(condition as ErasedCondition, scope, (value) => hide(column, value))] as const],
  );
  return {
    ...Object.fromEntries(own),
    ...(OR && { OR: OR.map((branch) => conditionValues(branch, scope, hide)) }),
    ...(NOT && { NOT: conditionValues(NOT, scope, hide) }),
  };
}

function isLeftOut(condition: ErasedCondition, scope: ErasedScope): boolean {
  return typeof condition === "object" && condition.when?.(scope) === false;
}

function valuesOf(condition: ErasedCondition, scope: ErasedScope, hide: (value: unknown) => unknown): unknown {
  if (typeof condition === "function") return hide(condition(scope) ?? null);
  return Object.fromEntries(
    Object.entries(condition).flatMap(([operator, value]) =>
      operator === "when" ? [] : [[operator, typeof value === "function" ? hide(value(scope) ?? null) : value]],
    ),
  );
}
