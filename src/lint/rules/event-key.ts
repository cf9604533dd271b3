import type { Rule } from "../rule.js";

export const eventKey: Rule = {
  id: "event/key",
  severity: "error",
  required: true,
  subject: "use case",
  summary: "an event without a key",
  why: "Events of one key are delivered in the order in which they were committed. Without a key there is no order at all.",
  bad: { spec: "events:\n  OrderShipped:  # found here\n    version: 1\n    payload: { orderId: { from: order.id } }\n" },
  good: { spec: "events:\n  OrderShipped:\n    version: 1\n    key: order.id\n    payload: { orderId: { from: order.id } }\n" },
  check({ useCase }, report) {
    for (const event of useCase.events) {
      if (event.key !== undefined) continue;
      report({
        at: event,
        on: "key",
        message: `Event ${event.name} has no key.`,
        help: "Name what it is about, for example `key: order.id`.",
      });
    }
  },
};
