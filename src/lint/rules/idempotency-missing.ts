import type { Rule } from "../rule.js";

export const idempotencyMissing: Rule = {
  id: "idempotency/missing",
  severity: "error",
  subject: "use case",
  summary: "a use case that changes something and does not say how a repeated call is recognised",
  why: "Callers repeat a call when its answer was lost. Without a key the second call does everything again.",
  bad: { spec: "usecase: ShipOrder  # found here\n", without: ["idempotency"] },
  good: { spec: "idempotency: none\n" },
  check({ useCase }, report) {
    if (useCase.kind === "query" || useCase.idempotency !== undefined) return;
    report({
      at: { path: ["usecase"] },
      message: `${useCase.name} changes data but has no idempotency.`,
      help: "Write `idempotency: { key: caller }`, a key from the command, or `idempotency: none`.",
    });
  },
};
