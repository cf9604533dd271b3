import type { UseCaseContext } from "./context.js";

/** The loads that each load needs before it can run: those that its `where` and `when` read. */
export function loadDependencies({ useCase, expressions }: UseCaseContext): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Set(useCase.loads.map(({ name }) => name));
  const dependencies = new Map(useCase.loads.map(({ name }) => [name, new Set<string>()]));
  for (const { place, checked } of expressions()) {
    if (!("load" in place)) continue;
    for (const root of checked.roots) if (names.has(root)) dependencies.get(place.load.name)?.add(root);
  }
  return dependencies;
}

/** Whatever can be reached, without the start. */
export function reachable(start: string, dependencies: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (name: string): void => {
    for (const next of dependencies.get(name) ?? []) {
      if (reached.has(next)) continue;
      reached.add(next);
      visit(next);
    }
  };
  visit(start);
  return reached;
}
