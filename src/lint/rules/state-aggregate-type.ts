import { findColumn } from "../../spec/find-table.js";
import type { TableLoad } from "../../spec/model.js";
import { isNumberColumn } from "../number-column.js";
import type { OnReport, Rule } from "../rule.js";
import { tableLoads } from "../table-loads.js";
import { within } from "../within.js";

export const stateAggregateType: Rule = {
  id: "state/aggregate-type",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "an aggregate of values that have none (the sum of a text), or one that is locked",
  why: "The database would refuse the statement at run time: only numbers have a sum, only what has an order has a smallest and a largest, and an aggregate has no rows that could be locked.",
  bad: {
    spec: `
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
  totals:
    table: orderLines
    where: { orderId: order.id }
    aggregate: { pieces: { sum: sku } }  # found here
`,
  },
  good: {
    spec: `
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
  totals:
    table: orderLines
    where: { orderId: order.id }
    aggregate: { pieces: { sum: quantity } }
`,
  },
  check({ useCase, findTable }, report) {
    for (const load of tableLoads(useCase)) {
      if (load.aggregate === undefined) continue;
      checkAggregates(load, report);
      const table = findTable(load.table.name);
      for (const aggregate of table === undefined ? [] : load.aggregate) {
        const column = table === undefined || aggregate.column === undefined ? undefined : findColumn(table, aggregate.column);
        if (column === undefined || aggregate.function === "count") continue;
        const ofNumbers = aggregate.function === "sum" || aggregate.function === "avg";
        if (ofNumbers ? isNumberColumn(column) : !unordered.test(column.sqlType)) continue;
        const what = ofNumbers ? `only numbers have ${aggregate.function === "sum" ? "a sum" : "a mean"}` : "its values have no order";
        report({ at: aggregate, message: `Column ${load.table.name}.${column.name} is ${column.sqlType}: ${what}.` });
      }
    }
  },
};

/** Types without `min` and `max` in the database. */
const unordered = /^(boolean|jsonb?|uuid|bytea|xml|point|line|vector|geometry)\b|\[\]$/;

function checkAggregates(load: TableLoad, report: OnReport): void {
  if (load.lock !== "none")
    report({
      at: within(load, "lock"),
      message: "An aggregate has no rows: there is nothing to lock.",
      help: "Lock the row that the others belong to, or load the rows themselves.",
    });
  const others = { orderBy: load.orderBy.length > 0, limit: load.limit, keyBy: load.keyBy, columns: load.columns, missing: load.missing };
  for (const [key, value] of Object.entries(others))
    if (value !== undefined && value !== false)
      report({ at: within(load, key), on: "key", message: `\`${key}\` is about rows, and an aggregate has none.` });
}
