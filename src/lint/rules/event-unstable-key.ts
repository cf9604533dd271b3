import { namesIn } from "../locks/names-in.js";
import type { Rule } from "../rule.js";

export const eventUnstableKey: Rule = {
  id: "event/unstable-key",
  severity: "warning",
  local: true,
  subject: "use case",
  summary: "an ordering or deduplication key that is another one at every call",
  why: "Events of one key are delivered in order, and a job is not added while one with its dedupeKey waits. With the moment in the key no two have the same: there is no order, and nothing is ever left out.",
  bad: {
    spec: `
jobs:
  RemindCustomer:
    payload: { orderId: { from: order.id } }
    dedupeKey: order.id + string(now)  # found here
`,
  },
  good: {
    spec: `
jobs:
  RemindCustomer:
    payload: { orderId: { from: order.id } }
    dedupeKey: string(order.id)
`,
  },
  check({ useCase }, report) {
    for (const { key, dedupeKey, name, kind } of [...useCase.events, ...useCase.jobs]) {
      for (const expression of [key, dedupeKey])
        if (expression?.source.includes("now") && namesIn(expression).roots.has("now"))
          report({
            at: expression,
            message: `With \`now\` in it, every ${kind} ${name} has a key of its own.`,
            help: "Take what they have in common: the row that they are about.",
          });
    }
  },
};
