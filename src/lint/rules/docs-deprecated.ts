import type { Rule } from "../rule.js";

export const docsDeprecated: Rule = {
  id: "docs/deprecated",
  severity: "warning",
  subject: "use case",
  summary: "a deprecated use case that does not say what to use instead",
  why: "Callers who see the warning need the way out, not the verdict.",
  bad: { spec: "deprecated: true  # found here\n" },
  good: { spec: "deprecated: Use DispatchOrder, which knows about parcels.\n" },
  check({ useCase }, report) {
    if (useCase.deprecated !== true) return;
    report({
      at: { path: ["deprecated"] },
      message: `${useCase.name} is deprecated, but for what?`,
      help: "Write a line in place of `true`: what to use instead.",
    });
  },
};
