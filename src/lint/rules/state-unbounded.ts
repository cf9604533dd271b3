import { findColumn } from "../../spec/find-table.js";
import type { Condition } from "../../spec/model.js";
import type { Rule } from "../rule.js";
import { tableLoads } from "../table-loads.js";

export const stateUnbounded: Rule = {
  id: "state/unbounded",
  severity: "warning",
  subject: "use case",
  summary: "a `many` load without a limit or a key that bounds it",
  why: "It works with ten rows. With a million the call reads them all into memory, and where it locks them, nobody else gets at any.",
  bad: {
    spec: `
state:
  drafts:  # found here
    table: orders
    where: { status: { const: draft } }
    cardinality: many
policies:
  - rule: size(drafts) < 100
writes:
  notes: [insert]
`,
  },
  good: {
    spec: `
state:
  drafts:
    table: orders
    where: { status: { const: draft } }
    cardinality: many
    limit: 100
policies:
  - rule: size(drafts) < 100
writes:
  notes: [insert]
`,
  },
  check({ useCase, project, findTable }, report) {
    const tenant = project.config.tenant?.column;
    for (const load of tableLoads(useCase)) {
      const table = findTable(load.table.name);
      if (table === undefined || load.cardinality !== "many" || load.limit !== undefined || load.aggregate !== undefined) continue;
      const bounds = ({ column, operator, value, when }: Condition) => {
        if ((operator !== "eq" && operator !== "in") || when !== undefined || value.kind !== "expression") return false;
        const found = findColumn(table, column.name);
        // A state or a flag is shared by any number of rows, and so is the tenant.
        return found !== undefined && found.enumValues === undefined && found.dataType !== "boolean" && column.name !== tenant;
      };
      const bounded =
        load.where.conditions.some(bounds) || load.where.or.some((branches) => branches.every((b) => b.conditions.some(bounds)));
      if (bounded) continue;
      report({
        at: load,
        on: "key",
        message: `${load.name} may be any number of rows of ${table.name}.`,
        help: "Give it a `limit`, or find the rows by a key (`orderId: order.id`); for a sum or a count use `aggregate`.",
      });
    }
  },
};
