import { analyseLocks } from "../locks/lock-analysis.js";
import { needsUpdateLock } from "../locks/needs-update-lock.js";
import type { Rule } from "../rule.js";
import { tableLoads } from "../table-loads.js";
import { within } from "../within.js";

export const lockStrongerThanNeeded: Rule = {
  id: "lock/stronger-than-needed",
  severity: "warning",
  subject: "project",
  summary: "a lock `update` where `no key update` is enough",
  why: "A lock `update` also keeps every insert waiting that refers to the row: new lines of an order wait for whoever only changes its date. It is needed where the row is deleted, where a column of a unique key changes, or where no new children may come.",
  bad: {
    spec: `
state:
  order:
    table: orders
    where: { id: command.orderId }
    lock: update  # found here
`,
  },
  good: {
    spec: `
state:
  order:
    table: orders
    where: { id: command.orderId }
    lock: update
writes:
  orders: [delete]
audit:
  subject: { type: Order, id: order.id }
  reason: required
`,
  },
  *check(project) {
    // Where it leads to a deadlock, that is what is said.
    const told = new Set(
      analyseLocks(project)
        .cycles.filter(({ foreignKey }) => foreignKey)
        .flatMap(({ edges }) => edges.flat().map(({ held }) => held.at.file + JSON.stringify(held.at.path))),
    );
    for (const context of project.useCases) {
      for (const load of tableLoads(context.useCase)) {
        const at = { ...within(load, "lock"), file: context.file };
        if (load.lock !== "update" || needsUpdateLock(load, context) || told.has(at.file + JSON.stringify(at.path))) continue;
        if (context.findTable(load.table.name)?.kind !== "table") continue;
        yield {
          at,
          message: `${load.name} is locked \`update\`, which keeps inserts waiting that refer to it: \`no key update\` is enough.`,
        };
      }
    }
  },
};
