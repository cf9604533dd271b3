import type { Condition, Where } from "../spec/model.js";

/** Every condition of a `where`, those under `OR` and `NOT` too. */
export function* allConditions(where: Where): Iterable<Condition> {
  yield* where.conditions;
  for (const branches of where.or) for (const branch of branches) yield* allConditions(branch);
  for (const not of where.not) yield* allConditions(not);
}
