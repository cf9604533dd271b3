import type { ExpressionPlace } from "../../spec/expression/place.js";
import type { Rule } from "../rule.js";

export const expressionConstant: Rule = {
  id: "expression/constant",
  severity: "warning",
  subject: "use case",
  summary: "a condition that is the same in every call",
  why: "A rule that is always true refuses nobody, and one that is always false everybody: a name is missing, or quotes too many make it a text.",
  bad: {
    spec: `
policies:
  - permission: orders.ship
  - rule: 1 == 1  # found here
`,
  },
  good: {
    spec: `
policies:
  - permission: orders.ship
  - rule: order.status == 'paid'
`,
  },
  check({ expressions }, report) {
    for (const { place, expression, checked } of expressions())
      if (conditions.has(place.kind) && checked.problems.length === 0 && checked.roots.size === 0)
        report({ at: expression, message: "This condition reads nothing: it is the same in every call." });
  },
};

const conditions: ReadonlySet<ExpressionPlace["kind"]> = new Set<ExpressionPlace["kind"]>([
  "rule",
  "load when",
  "condition when",
  "delete when",
  "policy when",
  "transition when",
  "message when",
]);
