import { findColumn } from "../../spec/find-table.js";
import type { Rule } from "../rule.js";
import { coversUnique, fixedColumns } from "../unique-columns.js";

export const stateNotUnique: Rule = {
  id: "state/not-unique",
  severity: "error",
  subject: "use case",
  summary: "a load of one row by columns that several rows may share",
  why: "Which of the rows is loaded would be up to the database, and could change from one call to the next.",
  bad: {
    spec: `
state:
  order:
    table: orders
    where: { customerId: command.orderId }  # found here
    lock: no key update
`,
  },
  good: { spec: "state:\n  order:\n    table: orders\n    where: { id: command.orderId }\n    lock: no key update\n" },
  check({ project, useCase, findTable }, report) {
    for (const load of useCase.loads) {
      if (load.kind !== "table" || load.cardinality === "many" || load.aggregate !== undefined || load.orderBy.length > 0) continue;
      const table = findTable(load.table.name);
      if (table === undefined || table.kind === "view") continue;
      if (load.where.conditions.some(({ column }) => findColumn(table, column.name) === undefined)) continue;
      const fixed = fixedColumns(load, table, useCase, project.config);
      if (coversUnique(fixed, table)) continue;
      const keys = [table.primaryKey, ...table.uniques.filter(({ partial }) => !partial).map(({ columns }) => columns)];
      report({
        at: load.where,
        on: load.where.conditions.length === 0 ? "key" : "value",
        message: `${load.name} is one row, but ${describe(fixed)} of ${table.name} may be shared by several.`,
        help: `Unique are ${
          keys
            .filter((columns) => columns.length > 0)
            .map((columns) => columns.join(" + "))
            .join(", ") || "no columns"
        }. Or say \`cardinality: many\`, or which is first with \`orderBy\`.`,
      });
    }
  },
};

function describe(columns: ReadonlySet<string>): string {
  return columns.size === 0 ? "every row" : [...columns].join(" + ");
}
