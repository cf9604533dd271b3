import type { Condition, Where } from "../spec/model.js";

/** Every condition of a `where`, those under `OR` and `NOT` too. */
export function allConditions({ conditions, or, not }: Where): readonly Condition[] {
  return or.length + not.length === 0 ? conditions : [...conditions, ...or.flat().flatMap(allConditions), ...not.flatMap(allConditions)];
}
