import type { Field, Load, Machine, UseCase } from "../../spec/model.js";
import { words } from "../../spec/names.js";
import type { Rule } from "../rule.js";

export const stateStaleValue: Rule = {
  id: "state/stale-value",
  severity: "warning",
  subject: "use case",
  summary: "a result or payload that gives a column as it was before the use case changed it",
  why: "Loads are read before anything is decided, and expressions see the rows as they were loaded. Who reads the result or the event takes the old value for the new one.",
  bad: {
    spec: `
transitions:
  - { state: order, machine: Order, event: ship }
result:
  status: { from: order.status }  # found here
`,
  },
  good: {
    spec: `
transitions:
  - { state: order, machine: Order, event: ship }
result:
  status: string
  previousStatus: { from: order.status }
`,
  },
  check({ useCase, findLoad, findMachine, expressions }, report) {
    if (useCase.transitions.length + useCase.writes.length === 0) return;
    for (const { place, expression, checked } of expressions()) {
      if (place.kind !== "result" && place.kind !== "payload") continue;
      const { tree } = checked;
      if (tree?.op !== "field" || tree.object.op !== "variable") continue;
      const load = findLoad(tree.object.name);
      const changer = load && changerOf(load, tree.name, useCase, findMachine);
      if (changer === undefined || speaksOfBefore(place.field)) continue;
      report({
        at: expression,
        message: `${tree.object.name}.${tree.name} is the value before ${changer}.`,
        help: "Let the handler give it, or call the field after what it is, for example `previous…`.",
      });
    }
  },
};

const before: ReadonlySet<string> = new Set(["previous", "old", "before", "from", "was", "former", "initial", "prior", "last"]);
const speaksOfBefore = ({ name }: Field) => words(name).some((word) => before.has(word.toLowerCase()));

/** What changes a column of the very row that a load has found: named columns of the only load of its table, or a transition. */
function changerOf(load: Load, column: string, useCase: UseCase, findMachine: (name: string) => Machine | undefined): string | undefined {
  if (load.kind !== "table" || load.cardinality === "many") return undefined;
  const transition = useCase.transitions.find(
    (each) => each.load.name === load.name && each.when === undefined && findMachine(each.machine.name)?.field.name === column,
  );
  if (transition !== undefined) return `event ${transition.event.name}`;
  const alone = useCase.loads.every((other) => other === load || other.kind !== "table" || other.table.name !== load.table.name);
  const written = useCase.writes.find(({ table }) => table.name === load.table.name);
  const named = [...(Array.isArray(written?.update) ? written.update : []), ...(written?.increment ?? [])];
  return alone && load.lock !== "none" && named.some(({ name }) => name === column) ? "the update" : undefined;
}
