import { reportExpressions } from "../expression-reports.js";
import type { Rule } from "../rule.js";

export const expressionSyntax: Rule = {
  id: "expression/syntax",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "an expression that is not CEL",
  why: "Expressions are CEL, the Common Expression Language: a small part of what most languages have in common.",
  bad: { spec: "policies:\n  - rule: order.total = 0  # found here\n" },
  good: { spec: "policies:\n  - rule: decimal(order.total) == decimal('0')\n" },
  check: (context, report) => reportExpressions(context, report, ({ kind }) => kind === "syntax"),
};
