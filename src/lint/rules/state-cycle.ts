import { loadDependencies, reachable } from "../load-dependencies.js";
import { loadLevels } from "../locks/load-levels.js";
import type { Rule } from "../rule.js";

export const stateCycle: Rule = {
  id: "state/cycle",
  severity: "error",
  required: true,
  subject: "use case",
  summary: "loads that need each other's rows",
  why: "A load runs when the rows that its conditions name are there: of these, none could be the first.",
  bad: {
    spec: `
state:
  order:
    table: orders
    where: { id: line.orderId }  # found here
    lock: no key update
  line:
    table: orderLines
    where: { id: order.id }
`,
  },
  good: {
    spec: `
state:
  order:
    table: orders
    where: { id: command.orderId }
    lock: no key update
  lines:
    table: orderLines
    where: { orderId: order.id }
    cardinality: many
policies:
  - rule: size(lines) > 0
`,
  },
  check(context, report) {
    if (loadLevels(context) !== undefined) return;
    const dependencies = loadDependencies(context);
    const told = new Set<string>();
    for (const { name } of context.useCase.loads) {
      const reached = reachable(name, dependencies);
      if (!reached.has(name) || told.has(name)) continue;
      const cycle = path(name, dependencies);
      for (const member of reached) if (reachable(member, dependencies).has(name)) told.add(member);
      const links = cycle.flatMap((from, index) => {
        const to = cycle[(index + 1) % cycle.length];
        const use = context
          .expressions()
          .find(({ place, checked }) => "load" in place && place.load.name === from && to !== undefined && checked.roots.has(to));
        return use === undefined ? [] : [{ message: `${from} needs ${to}`, at: use.expression }];
      });
      const [first, ...related] = links;
      if (first === undefined) continue;
      report({
        at: first.at,
        message: cycle.length === 1 ? `Load ${name} needs its own row.` : `Loads need each other: ${[...cycle, name].join(" → ")}.`,
        related,
      });
    }
  },
};

/** A shortest way from a load back to itself. */
function path(start: string, dependencies: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const ways: (readonly string[])[] = [[start]];
  const seen = new Set<string>();
  for (const way of ways) {
    for (const next of dependencies.get(way.at(-1) ?? start) ?? []) {
      if (next === start) return way;
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return [start];
}
