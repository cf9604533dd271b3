import { builtInErrorNames } from "../../spec/built-in-errors.js";
import { nearest } from "../../spec/suggest.js";
import type { Rule } from "../rule.js";

export const policyUnknownError: Rule = {
  id: "policy/unknown-error",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "a policy that refuses with an error that is not declared",
  why: "Callers handle the errors that a use case declares; every refusal is one of them or built in.",
  bad: {
    spec: "policies:\n  - rule: order.shippedAt == null\n    error: AlreadyShiped  # found here\nerrors:\n  AlreadyShipped: conflict\n",
  },
  good: { spec: "policies:\n  - rule: order.shippedAt == null\n    error: AlreadyShipped\nerrors:\n  AlreadyShipped: conflict\n" },
  check({ useCase, file, findError }, report) {
    if (useCase.policies === undefined || useCase.policies === "none") return;
    for (const policy of useCase.policies) {
      const { error } = policy;
      if (error === undefined || findError(error.name) !== undefined || builtInErrorNames.includes(error.name)) continue;
      const declared = useCase.errors.map(({ name }) => name);
      report({
        at: { path: error.path, file: error.file ?? policy.file ?? file },
        message: `Error "${error.name}" is not declared.`,
        suggestions: nearest(error.name, [...declared, ...builtInErrorNames]),
        help: "Declare it under `errors`, or use a built-in one such as Forbidden or PolicyViolation.",
      });
    }
  },
};
