import type { Rule } from "../rule.js";

export const auditSubject: Rule = {
  id: "audit/subject",
  severity: "warning",
  subject: "use case",
  summary: "a use case that changes something and does not say what it is done to",
  why: "Who asks the audit what happened to an order asks by the order. Without a subject the answer lies in the changes of single rows.",
  bad: { spec: "usecase: ShipOrder  # found here\n", without: ["audit"] },
  good: { spec: "audit:\n  subject: { type: Order, id: order.id }\n" },
  check({ useCase }, report) {
    const { kind, audit, name } = useCase;
    if (kind === "query" || audit?.subject !== undefined) return;
    report({
      at: { path: [audit === undefined ? "usecase" : "audit"] },
      ...(audit !== undefined && { on: "key" }),
      message: `The audit of ${name} has no subject.`,
      help: "Write `audit: { subject: { type: Order, id: order.id } }`: what kind of thing, and which one.",
    });
  },
};
