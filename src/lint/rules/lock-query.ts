import type { Rule } from "../rule.js";
import { within } from "../within.js";

export const lockQuery: Rule = {
  id: "lock/query",
  severity: "error",
  subject: "use case",
  summary: "a lock in a use case that changes nothing",
  why: "A query runs in a read-only snapshot, in which Postgres refuses to lock rows; and a lock that is given back without a change has kept writers waiting for nothing.",
  bad: {
    spec: `
command: { orderId: uuid }
state:
  order:
    table: orders
    where: { id: command.orderId }
    lock: share  # found here
policies: [{ permission: orders.read, resource: order }]
result: { total: { from: order.total } }
`,
    without: ["idempotency", "writes", "audit"],
  },
  good: {
    spec: `
command: { orderId: uuid }
state:
  order: { table: orders, where: { id: command.orderId } }
policies: [{ permission: orders.read, resource: order }]
result: { total: { from: order.total } }
`,
    without: ["idempotency", "writes", "audit"],
  },
  *check({ useCase }) {
    if (useCase.kind !== "query") return;
    for (const load of useCase.loads) {
      const key = load.kind === "advisoryLock" ? "advisoryLock" : load.kind === "table" && load.lock !== "none" ? "lock" : undefined;
      if (key !== undefined)
        yield {
          at: within(load, key),
          message: `${useCase.name} only reads: ${load.name} needs no lock.`,
          help: "Leave the lock out: all loads of a query see one snapshot.",
        };
    }
  },
};
