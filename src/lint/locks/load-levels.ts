import type { UseCaseContext } from "../context.js";
import { loadDependencies } from "../load-dependencies.js";

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
  const dependencies = loadDependencies(context);
  const levels = new Map<string, number>();
  const levelOf = (name: string, path: readonly string[]): number => {
    const known = levels.get(name);
    if (known !== undefined) return known;
    if (path.includes(name)) return Number.NaN;
    const earlier = [...(dependencies.get(name) ?? [])].map((other) => levelOf(other, [...path, name]));
    const level = Math.max(-1, ...earlier) + 1;
    levels.set(name, level);
    return level;
  };
  const all = context.useCase.loads.map(({ name }) => levelOf(name, []));
  return all.some(Number.isNaN) ? undefined : levels;
}
