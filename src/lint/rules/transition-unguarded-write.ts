import type { Rule } from "../rule.js";

export const transitionUnguardedWrite: Rule = {
  id: "transition/unguarded-write",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "a machine's field in the columns that the handler may change",
  why: "Only an event may change the state: the runtime checks that the row's state allows it and writes the new one. A handler could write any state from any other.",
  bad: { spec: "writes:\n  orders: { update: [shippedAt, status] }  # found here\n" },
  good: {
    spec: "transitions:\n  - { state: order, machine: Order, event: ship }\nwrites:\n  orders: { update: [shippedAt] }\n",
  },
  *check({ project, useCase }) {
    for (const { table, update, increment, upsert } of useCase.writes)
      for (const machine of project.machines) {
        if (machine.table.name !== table.name) continue;
        for (const column of [
          ...(update === "any" || update === undefined ? [] : update),
          ...(increment ?? []),
          ...(upsert?.update ?? []),
        ]) {
          if (column.name !== machine.field.name) continue;
          yield {
            at: column,
            message: `Column ${table.name}.${column.name} is the state of machine ${machine.name}: only an event may change it.`,
            help: "List the event under `transitions`; the runtime writes the new state.",
          };
        }
      }
  },
};
