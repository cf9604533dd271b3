import type { Load, TableLoad } from "../../spec/model.js";
import { loadDependencies, reachable } from "../load-dependencies.js";
import type { Rule } from "../rule.js";
import { within } from "../within.js";

export const lockWriteWithoutLock: Rule = {
  id: "lock/write-without-lock",
  severity: "warning",
  subject: "use case",
  summary: "an update or delete of rows that are loaded without a lock",
  why: "Between reading the row and writing it somebody else may have changed it: what they wrote would be lost, and a rule that was true may no longer be.",
  bad: {
    spec: `
state:
  order:
    table: orders
    where: { id: command.orderId }
writes:
  orders: { update: [shippedAt] }  # found here
`,
  },
  good: {
    spec: `
state:
  order:
    table: orders
    where: { id: command.orderId }
    lock: no key update
  lines:
    table: orderLines
    where: { orderId: order.id }
    cardinality: many
writes:
  orders: { update: [shippedAt] }
  orderLines: { update: [quantity] }
`,
  },
  *check(context) {
    const { useCase, project, findTable } = context;
    const version = project.config.version?.column;
    const dependencies = loadDependencies(context);
    const loads = useCase.loads.filter((load): load is TableLoad => load.kind === "table");
    // Rows that were found through a locked row (an order's lines) are changed by whoever has that lock.
    const guarded = (load: TableLoad) =>
      isLocked(load) ||
      [...reachable(load.name, dependencies)].some((name) => loads.some((other) => other.name === name && isLocked(other)));
    for (const write of useCase.writes) {
      if (write.update === undefined && write.delete !== "row") continue;
      const table = findTable(write.table.name);
      if (table === undefined || table.columns.some(({ name }) => name === version)) continue;
      const ofTable = loads.filter((load) => load.table.name === table.name);
      // Where one load of the table is locked, it is the one to be written; the others are for comparing.
      if (ofTable.length === 0 || ofTable.some(guarded)) continue;
      yield {
        at: write,
        on: "key",
        message: `Rows of ${table.name} are written, but ${ofTable.map(({ name }) => name).join(" and ")} ${ofTable.length === 1 ? "is" : "are"} loaded without a lock.`,
        help: "Load them with `lock: no key update`.",
        related: ofTable.map((load) => ({ message: "loaded here", at: within(load, "table") })),
      };
    }
  },
};

const isLocked = (load: Load) => load.kind === "table" && (load.lock === "no key update" || load.lock === "update");
