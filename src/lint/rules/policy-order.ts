import type { Policy } from "../../spec/model.js";
import { policyList } from "../policy-list.js";
import type { Report, Rule } from "../rule.js";
import { within } from "../within.js";

export const policyOrder: Rule = {
  id: "policy/order",
  severity: "warning",
  subject: "use case",
  summary: "a permission that is written after what it comes before, or after what it should guard",
  why: "A permission without resource is asked before any row is touched, wherever it is written: the list should read as it runs. And what a rule answers before a permission is asked is answered to callers who have no right to know.",
  bad: {
    spec: `
policies:
  - rule: order.shippedAt == null
  - permission: orders.ship  # found here
`,
  },
  good: {
    spec: `
policies:
  - permission: orders.ship
  - rule: order.shippedAt == null
`,
  },
  check({ useCase }, report) {
    let late: Policy | undefined;
    let decision: Policy | undefined;
    for (const policy of policyList(useCase)) {
      const early = isEarly(policy);
      const before = early ? late : policy.kind === "permission" ? decision : undefined;
      if (before !== undefined) report(misplaced(policy, before, early));
      if (!early) late ??= policy;
      if (policy.kind !== "permission") decision ??= policy;
    }
  },
};

const isEarly = (policy: Policy) => policy.kind === "permission" && policy.resource === undefined && policy.when === undefined;

function misplaced(policy: Policy, before: Policy, early: boolean): Report {
  const name = policy.kind === "permission" ? policy.permission : "";
  return {
    at: within(policy, "permission"),
    message: early
      ? `Permission ${name} is asked before any row is touched, but is written after a policy that needs rows.`
      : `Permission ${name} is asked after a ${before.kind} has already answered.`,
    help: early ? "Write it first: that is where it runs." : "Write it above the rules and checks.",
    related: [{ message: "this comes first in the list", at: before }],
  };
}
