import type { Rule } from "../rule.js";
import { within } from "../within.js";

export const triggerIdempotency: Rule = {
  id: "trigger/idempotency",
  severity: "warning",
  subject: "use case",
  summary: "a triggered use case that does not recognise a repeated call",
  why: "Events and jobs are delivered at least once: after a crash the same one comes again. The relay passes its id as the key; with `idempotency: none` everything is done twice.",
  bad: { spec: "idempotency: none\ntriggers:\n  - job: ShipOrder  # found here\n", files: accepting() },
  good: { spec: "idempotency: { key: caller }\ntriggers:\n  - job: ShipOrder\n", files: accepting() },
  check({ useCase }, report) {
    const [trigger] = useCase.triggers;
    if (trigger === undefined || useCase.kind === "query" || useCase.idempotency !== "none") return;
    report({
      at: within(trigger, trigger.kind),
      message: `A ${trigger.kind} may start ${useCase.name} twice, and it has \`idempotency: none\`.`,
      help: "Write `idempotency: { key: caller }`: the key is then the message's id, or the schedule's slot.",
    });
  },
};

function accepting(): Readonly<Record<string, string>> {
  return {
    "accept-order.usecase.yaml": `
usecase: AcceptOrder
summary: Accept an order and have it shipped.
command: { orderId: uuid }
idempotency: { key: caller }
policies: [{ permission: orders.accept }]
jobs: { ShipOrder: { payload: { orderId: { from: command.orderId } } } }
result: {}
audit: { subject: { type: Order, id: command.orderId } }
`,
  };
}
