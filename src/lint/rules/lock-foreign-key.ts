import { describeCycle } from "../locks/describe-cycle.js";
import { analyseLocks } from "../locks/lock-analysis.js";
import { type LockFacts, lockFacts } from "../locks/lock-facts.js";
import type { Rule } from "../rule.js";

const addNote = (lock: string) => `
usecase: RenameCustomer
summary: Change the e-mail address's key of a customer and mark the orders.
command: { customerId: uuid }
idempotency: { key: caller }
state:
  customer: { table: customers, where: { id: command.customerId }, lock: ${lock} }
  orders:
    table: orders
    where: { customerId: customer.id }
    cardinality: many
    lock: no key update
policies: [{ permission: customers.rename }]
writes: { orders: { update: [note] } }
result: {}
audit: { subject: { type: Customer, id: customer.id } }
`;

export const lockForeignKey: Rule<LockFacts> = {
  id: "lock/foreign-key",
  severity: "warning",
  subject: "project",
  summary: "an insert whose parent row another use case locks so that both can wait for each other",
  why: "An insert locks the rows that it refers to, so that they stay: it waits for whoever has locked them `update`, deletes them or changes their key. If those wait for something that the inserting call has locked, both wait for ever, and Postgres fails one.",
  bad: {
    spec: `
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
writes:
  orders: { update: [shippedAt] }
  favourites: [insert]
`,
    files: { "rename-customer.usecase.yaml": addNote("update").replace("lock: update }", "lock: update }  # found here") },
  },
  good: {
    spec: `
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
writes:
  orders: { update: [shippedAt] }
  favourites: [insert]
`,
    files: { "rename-customer.usecase.yaml": addNote("no key update") },
  },
  gather: lockFacts,
  check(project, report, facts) {
    const analysis = analyseLocks(project, facts);
    for (const cycle of analysis.cycles) if (cycle.foreignKey) report(describeCycle(cycle, project, analysis));
  },
};
