import type { Rule } from "../rule.js";

export const lintUnusedSuppression: Rule = {
  id: "lint/unused-suppression",
  severity: "warning",
  subject: "files",
  summary: "a suppression that suppresses nothing",
  why: "It would hide the next mistake on that line.",
  bad: {
    spec: `
# usecase-lint-disable-next-line policy/missing -- callers are checked by the gateway  # found here
policies:
  - permission: orders.ship
`,
  },
  good: { spec: "policies:\n  - permission: orders.ship\n" },
};
