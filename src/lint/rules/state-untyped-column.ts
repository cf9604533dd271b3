import { allConditions } from "../conditions.js";
import type { Rule } from "../rule.js";

export const stateUntypedColumn: Rule = {
  id: "state/untyped-column",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "a load of a view's column that is an expression without a type",
  why: "Drizzle does not know what such an expression gives: neither a condition nor the value that a row would have could be checked or read rightly.",
  bad: {
    spec: `
state:
  totals:
    table: orderTotals  # found here
    where: { orderId: command.orderId }
    cardinality: many
policies:
  - rule: size(totals) > 0
`,
  },
  good: {
    spec: `
state:
  totals:
    table: orderTotals
    where: { orderId: command.orderId }
    cardinality: many
    columns: [orderId]
policies:
  - rule: size(totals) > 0
`,
  },
  check({ useCase, findTable }, report) {
    for (const load of useCase.loads) {
      if (load.kind !== "table") continue;
      const table = findTable(load.table.name);
      // Only views have such columns.
      if (table === undefined || table.kind === "table") continue;
      const untyped = new Set(table.columns.filter(({ columnType }) => columnType === "SQL").map(({ name }) => name));
      if (untyped.size === 0) continue;
      const shown = load.columns ?? (load.aggregate === undefined ? [...untyped].map((name) => ({ ...load.table, name })) : []);
      const conditions = allConditions(load.where).map(({ column }) => column);
      const [first] = [...shown, ...conditions, ...load.orderBy.map(({ column, path }) => ({ name: column, path }))].filter(({ name }) =>
        untyped.has(name),
      );
      if (first === undefined) continue;
      report({
        at: first,
        message: `The column ${first.name} of the view ${table.name} is an expression: its type is not known.`,
        help: `Declare the view's columns, pgView("${table.sqlName}", { ${first.name}: … }).as(sql\`…\`), or leave it out with \`columns\`.`,
      });
    }
  },
};
