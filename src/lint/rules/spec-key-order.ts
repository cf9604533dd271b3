import type { Rule } from "../rule.js";

export const specKeyOrder: Rule = {
  id: "spec/key-order",
  severity: "warning",
  subject: "files",
  summary: "a use case whose keys are not in the order in which a call goes through them",
  why: "Every action reads the same way: what is asked, what is loaded, what must hold, what changes, what comes of it. Whoever looks for one part of it in a hundred specs finds it in the same place. `--fix` moves the parts with their comments.",
  bad: {
    spec: `
usecase: ShipOrder
summary: Ship an order.
command: { orderId: uuid }
idempotency: { key: caller }
policies:
  - permission: orders.ship
state:  # found here
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
writes:
  orders: { update: [shippedAt] }
result: {}
audit: { subject: { type: Order, id: order.id } }
`,
    files: { "usecase.config.yaml": "schema: schema.ts\nlint: {}\n" },
  },
  good: {
    spec: `
usecase: ShipOrder
summary: Ship an order.
command: { orderId: uuid }
idempotency: { key: caller }
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
policies:
  - permission: orders.ship
writes:
  orders: { update: [shippedAt] }
result: {}
audit: { subject: { type: Order, id: order.id } }
`,
    files: { "usecase.config.yaml": "schema: schema.ts\nlint: {}\n" },
  },
};
