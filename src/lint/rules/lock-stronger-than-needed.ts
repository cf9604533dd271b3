import { analyseLocks } from "../locks/lock-analysis.js";
import { type LockFacts, lockFacts } from "../locks/lock-facts.js";
import type { Rule } from "../rule.js";

export const lockStrongerThanNeeded: Rule<LockFacts> = {
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
errors:
  OrderHasLines: { kind: conflict, constraint: order_lines_order_id_orders_id_fk }
audit:
  subject: { type: Order, id: order.id }
  reason: required
`,
  },
  gather: lockFacts,
  check(project, report, facts) {
    if (facts.every(({ fact }) => fact.strong.length === 0)) return;
    // Where it leads to a deadlock, that is what is said.
    const told = new Set(
      analyseLocks(project, facts)
        .cycles.filter(({ foreignKey }) => foreignKey)
        .flatMap(({ edges }) => edges.flat().map(({ held }) => held.at.file + JSON.stringify(held.at.path))),
    );
    for (const { file, fact } of facts)
      for (const { name, path } of fact.strong) {
        if (told.has(file + JSON.stringify(path))) continue;
        report({
          at: { path, file },
          message: `${name} is locked \`update\`, which keeps inserts waiting that refer to it: \`no key update\` is enough.`,
        });
      }
  },
};
