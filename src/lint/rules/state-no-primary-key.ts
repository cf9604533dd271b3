import type { Rule } from "../rule.js";
import { within } from "../within.js";

export const stateNoPrimaryKey: Rule = {
  id: "state/no-primary-key",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "a lock on rows of a table without a primary key, or of a view",
  why: "Rows are locked in the order of the primary key: without one there is no order, and two calls can wait for each other.",
  bad: {
    spec: `
state:
  entries:
    table: importedRows
    where: { orderId: command.orderId }
    cardinality: many
    lock: no key update  # found here
writes:
  notes: [insert]
`,
  },
  good: {
    spec: `
state:
  entries:
    table: importedRows
    where: { orderId: command.orderId }
    cardinality: many
writes:
  notes: [insert]
`,
  },
  check({ useCase, findTable }, report) {
    for (const load of useCase.loads) {
      if (load.kind !== "table" || load.lock === "none") continue;
      const table = findTable(load.table.name);
      if (table === undefined || table.primaryKey.length > 0) continue;
      const what = table.kind === "view" ? "is a view" : "has no primary key";
      report({ at: within(load, "lock"), message: `${table.name} ${what}: its rows cannot be locked.` });
    }
  },
};
