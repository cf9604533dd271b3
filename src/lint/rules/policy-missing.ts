import type { Rule } from "../rule.js";

export const policyMissing: Rule = {
  id: "policy/missing",
  severity: "error",
  subject: "use case",
  summary: "a use case that changes something and states no policy",
  why: "Whoever can call it may do it. That may be right, but it must be said, so that a forgotten permission shows.",
  bad: { spec: "usecase: ShipOrder  # found here\n", without: ["policies"] },
  good: { spec: "policies: none\n" },
  check({ useCase }, report) {
    const { kind, policies } = useCase;
    if (kind === "query" || policies === "none" || (policies !== undefined && policies.length > 0)) return;
    report({
      at: policies === undefined ? { path: ["usecase"] } : { path: ["policies"] },
      message: `${useCase.name} changes data but has no policies.`,
      help: "List under `policies` who may do it and when, or write `policies: none`.",
    });
  },
};
