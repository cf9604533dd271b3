import type { Expression, Load, UseCase } from "../../spec/model.js";
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

function dealIntoLevels(context: UseCaseContext): ReadonlyMap<string, number> | undefined {
  const dependencies = dependenciesOf(context.useCase);
  const levels = new Map<string, number>();
  const levelOf = (name: string, path: readonly string[]): number => {
    const known = levels.get(name);
    if (known !== undefined) return known;
    if (path.includes(name)) return Number.NaN;
    const earlier = dependencies.get(name) ?? [];
    const level = earlier.length === 0 ? 0 : Math.max(...earlier.map((other) => levelOf(other, [...path, name]))) + 1;
    levels.set(name, level);
    return level;
  };
  const all = context.useCase.loads.map(({ name }) => levelOf(name, []));
  return all.some(Number.isNaN) ? undefined : levels;
}

function dependenciesOf({ loads }: UseCase): ReadonlyMap<string, readonly string[]> {
  const names = loads.map(({ name }) => name);
  return new Map(
    loads.map((load) => {
      const read = expressionsOf(load).map((expression) => namesIn(expression).roots);
      return [load.name, names.filter((name) => read.some((roots) => roots.has(name)))];
    }),
  );
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
