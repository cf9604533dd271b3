import type { Rule } from "../rule.js";

export const specSyntax: Rule = {
  id: "spec/syntax",
  severity: "error",
  required: true,
  subject: "files",
  summary: "text that is not YAML, or that YAML reads differently from how it looks",
  why: "YAML turns some unquoted expressions into something else, with no more than a warning: every warning is an error here.",
  bad: {
    spec: "command:\n  orderId: uuid\n  note?: { type: string, maxLength: 200 }\npolicies:\n  - rule: !has(command.note)  # found here\n",
  },
  good: { spec: 'command:\n  orderId: uuid\n  note?: { type: string, maxLength: 200 }\npolicies:\n  - rule: "!has(command.note)"\n' },
};
