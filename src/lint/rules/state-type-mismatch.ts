import { reportExpressions } from "../expression-reports.js";
import type { Rule } from "../rule.js";

export const stateTypeMismatch: Rule = {
  id: "state/type-mismatch",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "a condition whose value can never equal the column's",
  why: "The load would find nothing, or the database would refuse the statement at run time.",
  bad: {
    spec: `
command:
  orderId: integer
state:
  order:
    table: orders
    where: { id: command.orderId }  # found here
    lock: no key update
`,
  },
  good: {
    spec: "command:\n  orderId: uuid\nstate:\n  order:\n    table: orders\n    where: { id: command.orderId }\n    lock: no key update\n",
  },
  check: (context, report) => reportExpressions(context, report, ({ kind }, { place }) => kind === "mismatch" && place.kind === "where"),
};
