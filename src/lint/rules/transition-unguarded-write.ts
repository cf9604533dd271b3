import type { Machine, Project } from "../../spec/model.js";
import { oncePer } from "../../spec/once-per.js";
import { updatedColumns } from "../locks/updated-columns.js";
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
  check({ project, useCase }, report) {
    for (const write of useCase.writes)
      for (const machine of machinesOf(write.table.name, project))
        for (const column of updatedColumns(write)) {
          if (column.name !== machine.field.name) continue;
          report({
            at: column,
            message: `Column ${write.table.name}.${column.name} is the state of machine ${machine.name}: only an event may change it.`,
            help: "List the event under `transitions`; the runtime writes the new state.",
          });
        }
  },
};

/** Found once for all tables, because every write asks. */
function machinesOf(table: string, { machines }: Project): readonly Machine[] {
  return machinesByTable(machines).get(table) ?? [];
}

const machinesByTable = oncePer((machines: Project["machines"]) => {
  const byTable = new Map<string, readonly Machine[]>();
  for (const machine of machines) byTable.set(machine.table.name, [...(byTable.get(machine.table.name) ?? []), machine]);
  return byTable;
});
