import { nearest } from "../../spec/suggest.js";
import { findColumn } from "../context.js";
import type { Rule } from "../rule.js";

export const transitionStateValues: Rule = {
  id: "transition/state-values",
  severity: "error",
  subject: "machine",
  summary: "states that the column's enum does not have, or the reverse",
  why: "A state that the database does not know cannot be stored; a value that the machine does not know is a row that no event can move.",
  bad: {
    files: {
      "order.machine.yaml": `
machine: Order
table: orders
field: status
initial: draft
states:
  draft: { on: { pay: paid } }
  paid: { on: { ship: shiped } }
  shiped: { type: final }  # found here
`,
    },
  },
  good: {},
  *check({ machine, findTable }) {
    const table = findTable(machine.table.name);
    const column = table && findColumn(table, machine.field.name);
    if (table === undefined || column?.enumValues === undefined) return;
    const values = column.enumValues;
    const names = machine.states.map(({ name }) => name);
    for (const state of machine.states) {
      if (values.includes(state.name)) continue;
      yield {
        at: state,
        on: "key",
        message: `Column ${table.name}.${column.name} has no value "${state.name}".`,
        suggestions: nearest(
          state.name,
          values.filter((value) => !names.includes(value)),
        ),
        help: `Its values are ${values.join(", ")}.`,
      };
    }
    const missing = values.filter((value) => !names.includes(value));
    // A misspelt state is one mistake, and was said above.
    if (missing.length === 0 || names.some((name) => !values.includes(name))) return;
    yield {
      at: { path: ["states"] },
      on: "key",
      message: `Column ${table.name}.${column.name} also has ${missing.map((value) => `"${value}"`).join(", ")}, which machine ${machine.name} does not know.`,
    };
  },
};
