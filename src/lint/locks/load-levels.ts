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
    const earlier = [...(dependencies.get(name) ?? [])].map((other) => levelOf(other, [...path, name]));
    const level = Math.max(-1, ...earlier) + 1;
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
      const read = new Set(expressionsOf(load).flatMap((expression) => [...namesIn(expression).roots]));
      return [load.name, names.filter((name) => read.has(name))];
    }),
  );
}

/** What is evaluated before the load can run. */
function expressionsOf(load: Load): readonly Expression[] {
  const conditions = load.kind === "table" ? [...allConditions(load.where)] : [];
  return [
    ...(load.when === undefined ? [] : [load.when]),
    ...(load.kind === "advisoryLock" ? [load.key] : []),
    ...conditions.flatMap(({ value, when }) => [
      ...(value.kind === "expression" ? [value.expression] : []),
      ...(when === undefined ? [] : [when]),
    ]),
  ];
}
