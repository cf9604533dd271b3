import { isSentTwice, reportTwoShapes } from "../message-shapes.js";
import { messagesSent } from "../messages.js";
import type { Rule } from "../rule.js";

export const eventDuplicate: Rule<readonly string[]> = {
  id: "event/duplicate",
  severity: "error",
  required: true,
  subject: "project",
  summary: "one event and version with two shapes in the project",
  why: "Whoever receives an event knows it by name and version: both must have one payload, whoever sends it.",
  bad: {
    spec: `
events:
  OrderShipped:  # found here
    version: 1
    key: order.id
    payload: { orderId: { from: order.id }, total: { from: order.total } }
`,
    files: {
      "close-order.usecase.yaml": `
usecase: CloseOrder
summary: Close an order by hand.
command: { orderId: uuid }
idempotency: { key: caller }
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
policies: [{ permission: orders.close }]
events:
  OrderShipped:
    version: 1
    key: order.id
    payload: { orderId: { from: order.id } }
result: {}
audit: { subject: { type: Order, id: order.id } }
`,
    },
  },
  good: {
    spec: `
events:
  OrderShipped:
    version: 1
    key: order.id
    payload: { orderId: { from: order.id } }
`,
  },
  gather: messagesSent,
  check({ project }, report, sent) {
    if (isSentTwice(sent)) reportTwoShapes(project, "events", report);
  },
};
