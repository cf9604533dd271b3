import type { TableLoad } from "../../spec/model.js";
import type { Rule } from "../rule.js";
import { tableLoads } from "../table-loads.js";
import { coversUnique, fixedColumns } from "../unique-columns.js";
import { within } from "../within.js";

export const lockLimitOrder: Rule = {
  id: "lock/limit-order",
  severity: "error",
  local: true,
  subject: "use case",
  summary: "a lock that waits for rows in another order than that of the primary key",
  why: "Rows are locked in the order in which they are read: in another order than everybody else's, two calls can wait for each other. And after the wait the first row may be the first no longer: the call then gets fewer rows than there are, or none.",
  bad: {
    spec: `
state:
  next:
    table: orders
    where: { customerId: command.orderId }
    orderBy: [placedAt]  # found here
    lock: no key update
`,
  },
  good: {
    spec: `
state:
  next:
    table: orders
    where: { customerId: command.orderId }
    orderBy: [placedAt]
    lock: no key update
    wait: skip locked
`,
  },
  check({ useCase, project, findTable }, report) {
    for (const load of tableLoads(useCase)) {
      const table = findTable(load.table.name);
      if (table === undefined || load.lock === "none" || load.wait !== "block" || load.orderBy.length === 0) continue;
      if (followsKey(load, table.primaryKey) || coversUnique(fixedColumns(load, table, useCase, project.config), table)) continue;
      const order = load.orderBy.map(({ column, direction }) => (direction === "desc" ? `${column} desc` : column)).join(", ");
      const queue = "For a queue say `wait: skip locked`;";
      report({
        at: within(load, "orderBy"),
        message: `Rows of ${table.name} are locked in the order of ${order}, not of ${table.primaryKey.join(", ") || "a primary key"}.`,
        help:
          load.cardinality === "many" && load.limit === undefined
            ? "Leave out `orderBy` and sort in the handler."
            : `${queue} else lock a row that stands for all of these first, and read these without a lock.`,
      });
    }
  },
};

/** Whether the order is the primary key's own, as far as either goes. */
function followsKey({ orderBy }: TableLoad, primaryKey: readonly string[]): boolean {
  return primaryKey.every((column, index) => {
    const by = orderBy[index];
    return by === undefined || (by.column === column && by.direction === "asc");
  });
}
