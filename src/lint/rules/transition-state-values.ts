import { findColumn } from "../../spec/find-table.js";
import type { Column, Table } from "../../spec/model.js";
import { nearest } from "../../spec/suggest.js";
import type { Rule } from "../rule.js";

export const transitionStateValues: Rule = {
  id: "transition/state-values",
  severity: "error",
  subject: "machine",
  summary: "states that the column's enum or check does not have, or the reverse",
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
  check({ machine, findTable }, report) {
    const table = findTable(machine.table.name);
    const column = table && findColumn(table, machine.field.name);
    const known = table && column && knownValues(table, column);
    if (table === undefined || column === undefined || known === undefined) return;
    const { values, by } = known;
    const names = machine.states.map(({ name }) => name);
    for (const state of machine.states) {
      if (values.includes(state.name)) continue;
      report({
        at: state,
        on: "key",
        message: `Column ${table.name}.${column.name} has no value "${state.name}".`,
        suggestions: nearest(
          state.name,
          values.filter((value) => !names.includes(value)),
        ),
        help: `Its values are ${values.join(", ")}${by}.`,
      });
    }
    const missing = values.filter((value) => !names.includes(value));
    // A misspelt state is one mistake, and was said above.
    if (missing.length === 0 || names.some((name) => !values.includes(name))) return;
    report({
      at: { path: ["states"] },
      on: "key",
      message: `Column ${table.name}.${column.name} also has ${missing.map((value) => `"${value}"`).join(", ")}${by}, which machine ${machine.name} does not know.`,
    });
  },
};

interface KnownValues {
  readonly values: readonly string[];
  /** What says so, where it is not the column's type. */
  readonly by: string;
}

/** All that a column can be, as its type or a check says. */
function knownValues(table: Table, { name, enumValues }: Column): KnownValues | undefined {
  if (enumValues !== undefined) return { values: enumValues, by: "" };
  const check = table.checks.find(({ columns, values }) => values !== undefined && columns?.length === 1 && columns[0] === name);
  return check?.values && { values: check.values, by: ` by ${check.name}` };
}
