import { passesOn } from "../handler-mentions.js";
import type { Rule } from "../rule.js";

export const writeUnused: Rule = {
  id: "write/unused",
  severity: "warning",
  subject: "use case",
  summary: "a table in `writes` that the handler never changes",
  why: "The list under `writes` is what a reviewer reads to know what an action can do, and what other actions must expect of it: it should promise no more than happens.",
  bad: {
    spec: `
writes:
  orders: { update: [shippedAt] }
  notes: [insert]  # found here
`,
    files: { "src/usecases/ship-order/ship-order.handler.ts": handler() },
  },
  good: {
    spec: `
writes:
  orders: { update: [shippedAt] }
`,
    files: { "src/usecases/ship-order/ship-order.handler.ts": handler() },
  },
  check({ useCase, handlerSource }, report) {
    const source = handlerSource();
    if (source === undefined || !/\bwrites\b/.test(source) || passesOn("writes", source)) return;
    for (const write of useCase.writes)
      if (!new RegExp(`\\b${write.table.name}\\b`).test(source))
        report({ at: write, on: "key", message: `The handler of ${useCase.name} does not write ${write.table.name}.` });
  },
};

function handler(): string {
  return `
import { defineHandler, type ShipOrderOutcome } from "./ship-order.gen.js";

export const shipOrderHandler = defineHandler({
  apply({ state: { order }, writes, now }): ShipOrderOutcome {
    writes.orders.update(order, { shippedAt: now });
    return { result: {} };
  },
});
`;
}
