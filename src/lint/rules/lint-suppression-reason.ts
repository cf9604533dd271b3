import type { Rule } from "../rule.js";

export const lintSuppressionReason: Rule = {
  id: "lint/suppression-reason",
  severity: "error",
  subject: "files",
  summary: "a suppression without a reason",
  why: "Whoever reads it later must be able to tell whether it still holds.",
  bad: {
    spec: `
# usecase-lint-disable-next-line policy/missing
# found above
policies: []
`,
  },
  good: {
    spec: `
# usecase-lint-disable-next-line policy/missing -- the gateway checks callers
policies: []
`,
  },
};
