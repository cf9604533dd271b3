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
  *check({ useCase, findLoad, findMachine }) {
    if (useCase.transitions.length + useCase.writes.length === 0) return;
    const shown = [useCase.result, ...useCase.events.map(({ payload }) => payload), ...useCase.jobs.map(({ payload }) => payload)];
    for (const field of shown.flat()) {
      if (field.from === undefined) continue;
      const [, loadName = "", column = ""] = /^\s*([A-Za-z_]\w*)\.([A-Za-z_]\w*)\s*$/.exec(field.from.source) ?? [];
      const load = findLoad(loadName);
      const changer = load && changerOf(load, column, useCase, findMachine);
      if (changer === undefined || speaksOfBefore(field)) continue;
      yield {
        at: field.from,
        message: `${loadName}.${column} is the value before ${changer}.`,
        help: "Let the handler give it, or call the field after what it is, for example `previous…`.",
      };
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
