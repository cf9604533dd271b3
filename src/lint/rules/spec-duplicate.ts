import type { Rule } from "../rule.js";

export const specDuplicate: Rule = {
  id: "spec/duplicate",
  severity: "error",
  required: true,
  subject: "files",
  summary: "two declarations of one name",
  why: "Which of them holds would depend on the order in which files are read.",
  bad: {
    files: {
      "a.shared.yaml": "errors:\n  NotStocked: conflict\n",
      "b.shared.yaml": "errors:\n  NotStocked: gone  # found here\n",
    },
  },
  good: { files: { "a.shared.yaml": "errors:\n  NotStocked: conflict\n", "b.shared.yaml": "errors:\n  SoldOut: gone\n" } },
};
