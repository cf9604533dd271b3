import { describeCycle } from "../locks/describe-cycle.js";
import { isUpgrade } from "../locks/is-upgrade.js";
import { analyseLocks } from "../locks/lock-analysis.js";
import { type LockFacts, lockFacts } from "../locks/lock-facts.js";
import type { Rule } from "../rule.js";

export const lockOrderCycle: Rule<LockFacts> = {
  id: "lock/order-cycle",
  severity: "error",
  subject: "project",
  summary: "locks that use cases can take in opposite orders",
  why: "Two calls at once can then each hold what the other waits for: a deadlock, which Postgres ends by failing one of them after a second of waiting. The runtime takes locks in one order wherever loads leave it a choice; here a load needs a row that is locked before it.",
  bad: {
    spec: `
state:
  order:
    table: orders
    where: { id: command.orderId }
    lock: no key update
  customer:
    table: customers
    where: { id: order.customerId }
    lock: no key update  # found here
policies:
  - rule: customer.email != ''
`,
    files: {
      "close-account.usecase.yaml": `
usecase: CloseAccount
summary: Mark the orders of a customer who goes.
command: { customerId: uuid }
idempotency: { key: caller }
state:
  customer: { table: customers, where: { id: command.customerId }, lock: no key update }
  orders: { table: orders, where: { customerId: customer.id }, cardinality: many, lock: no key update }
policies: [{ permission: customers.close }]
writes: { orders: { update: [note] } }
result: {}
audit: { subject: { type: Customer, id: customer.id } }
`,
    },
  },
  good: {
    spec: `
state:
  found:
    table: orders
    where: { id: command.orderId }
  order:
    table: orders
    where: { id: found.id }
    lock: no key update
  customer:
    table: customers
    where: { id: found.customerId }
    lock: no key update
policies:
  - rule: order.customerId == customer.id && customer.email != ''
`,
    files: {
      "close-account.usecase.yaml": `
usecase: CloseAccount
summary: Mark the orders of a customer who goes.
command: { customerId: uuid }
idempotency: { key: caller }
state:
  customer: { table: customers, where: { id: command.customerId }, lock: no key update }
  orders: { table: orders, where: { customerId: customer.id }, cardinality: many, lock: no key update }
policies: [{ permission: customers.close }]
writes: { orders: { update: [note] } }
result: {}
audit: { subject: { type: Customer, id: customer.id } }
`,
    },
  },
  gather: lockFacts,
  check(project, report, facts) {
    const analysis = analyseLocks(project, facts);
    for (const cycle of analysis.cycles) if (!cycle.foreignKey && !isUpgrade(cycle)) report(describeCycle(cycle, project, analysis));
  },
};
