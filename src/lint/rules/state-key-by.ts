import { findColumn } from "../../spec/find-table.js";
import type { Rule } from "../rule.js";
import { coversUnique, fixedColumns } from "../unique-columns.js";

export const stateKeyBy: Rule = {
  id: "state/key-by",
  severity: "error",
  local: true,
  subject: "use case",
  summary: "rows keyed by a column that several of them may share",
  why: "Of two rows with one key the map would hold only the last.",
  bad: {
    spec: `
state:
  lines:
    table: orderLines
    where: { orderId: command.orderId }
    cardinality: many
    keyBy: quantity  # found here
    lock: no key update
writes:
  orderLines: { update: [quantity] }
`,
  },
  good: {
    spec: `
state:
  lines:
    table: orderLines
    where: { orderId: command.orderId }
    cardinality: many
    keyBy: id
    lock: no key update
writes:
  orderLines: { update: [quantity] }
`,
  },
  check({ project, useCase, findTable }, report) {
    for (const load of useCase.loads) {
      if (load.kind !== "table" || load.keyBy === undefined) continue;
      const table = findTable(load.table.name);
      if (table === undefined || table.kind === "view" || findColumn(table, load.keyBy.name) === undefined) continue;
      if (coversUnique(new Set([...fixedColumns(load, table, useCase, project.config), load.keyBy.name]), table)) continue;
      report({ at: load.keyBy, message: `Several rows of ${load.name} may have the same ${load.keyBy.name}.` });
    }
  },
};
