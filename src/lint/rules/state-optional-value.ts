import { reportExpressions } from "../expression-reports.js";
import type { Rule } from "../rule.js";

export const stateOptionalValue: Rule = {
  id: "state/optional-value",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "a condition whose value may be absent or null",
  why: "In SQL nothing equals NULL: without the value the load would find nothing, which is seldom what is meant.",
  bad: {
    spec: `
command:
  orderId?: uuid
state:
  order:
    table: orders
    where: { id: command.orderId }  # found here
    lock: no key update
`,
  },
  good: {
    spec: `
command:
  orderId?: uuid
state:
  order:
    table: orders
    where: { id: command.orderId }
    when: has(command.orderId)
    lock: no key update
`,
  },
  check: (context, report) =>
    reportExpressions(
      context,
      report,
      ({ kind }, { place }) => kind === "missing" && place.kind === "where",
      "Say what then happens: `when` on the load or the condition, or a value in its place (`x == null ? … : x`).",
    ),
};
