import { reportExpressions } from "../expression-reports.js";
import type { Rule } from "../rule.js";

export const expressionType: Rule = {
  id: "expression/type",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "an expression that names something unknown, or whose types do not go together",
  why: "An expression is checked against the command, the rows and the actor, null and enum values included: it can then neither fail at run time nor compare what is never equal.",
  bad: { spec: "policies:\n  - rule: order.status == 'payed'  # found here\n" },
  good: { spec: "policies:\n  - rule: order.status == 'paid'\n" },
  // What a column expects has rules of its own.
  check: (context, report) =>
    reportExpressions(context, report, ({ kind }, { place }) => kind === "type" || (kind !== "syntax" && place.kind !== "where")),
};
