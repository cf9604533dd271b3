import type { Expression, Load } from "../../spec/model.js";
import { allConditions } from "../conditions.js";
import type { UseCaseContext } from "../context.js";
import { namesIn } from "./names-in.js";

/** How many loads must have run before each load: the level that the runtime deals it into. Undefined where loads need each other. */
export function loadLevels(context: UseCaseContext): ReadonlyMap<string, number> | undefined {
  const known = computed.get(context);
  if (known !== undefined) return known.levels;
  const levels = dealIntoLevels(context);
  computed.set(context, { levels });
  return levels;
}

/** Several rules ask. */
const computed = new WeakMap<UseCaseContext, { readonly levels: ReadonlyMap<string, number> | undefined }>();

function dealIntoLevels({ useCase: { loads } }: UseCaseContext): ReadonlyMap<string, number> | undefined {
  const levels = new Map<string, number>();
  const levelOf = (load: Load, path: readonly Load[]): number => {
    const known = levels.get(load.name);
    if (known !== undefined) return known;
    if (path.includes(load)) return Number.NaN;
    const read = expressionsOf(load).map((expression) => namesIn(expression).roots);
    let level = 0;
    for (const other of loads)
      if (read.some((roots) => roots.has(other.name))) level = Math.max(level, levelOf(other, [...path, load]) + 1);
    levels.set(load.name, level);
    return level;
  };
  for (const load of loads) if (Number.isNaN(levelOf(load, []))) return undefined;
  return levels;
}

/** What is evaluated before the load can run. */
function expressionsOf(load: Load): readonly Expression[] {
  const found: Expression[] = [];
  if (load.when !== undefined) found.push(load.when);
  if (load.kind === "advisoryLock") found.push(load.key);
  if (load.kind !== "table") return found;
  for (const { value, when } of allConditions(load.where)) {
    if (value.kind === "expression") found.push(value.expression);
    if (when !== undefined) found.push(when);
  }
  return found;
}
