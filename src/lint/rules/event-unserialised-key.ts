import { unserialisedEvents } from "../locks/unserialised-events.js";
import type { Rule } from "../rule.js";

export const eventUnserialisedKey: Rule = {
  id: "event/unserialised-key",
  severity: "warning",
  subject: "use case",
  summary: "an event key that no locked row of the use case stands for",
  why: "Events of one key are delivered in the order of their commits. Where no locked row keeps calls with one key apart, the runtime takes an advisory lock on the key before it writes: one more wait and one more statement, and calls of other use cases with that key wait too.",
  bad: {
    spec: `
events:
  OrderShipped:
    version: 1
    key: order.customerId  # found here
    payload:
      orderId: { from: order.id }
`,
  },
  good: {
    spec: `
events:
  OrderShipped:
    version: 1
    key: order.id
    payload:
      orderId: { from: order.id }
`,
  },
  check(context, report) {
    for (const { name, key } of unserialisedEvents(context)) {
      report({
        at: key,
        message: `No locked row stands for the key of ${name}: an advisory lock on it will be taken before the write.`,
        help: "Take the key of a single row that is locked `no key update` (`order.id`), or lock the row that this key names.",
      });
    }
  },
};
