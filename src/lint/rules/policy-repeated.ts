import type { Policy } from "../../spec/model.js";
import { policyList } from "../policy-list.js";
import type { Rule } from "../rule.js";

export const policyRepeated: Rule = {
  id: "policy/repeated",
  severity: "warning",
  local: true,
  subject: "use case",
  summary: "a policy that stands in the list twice",
  why: "The second one can never fail. It was meant to be another one, or a reader will look for the difference.",
  bad: {
    spec: `
policies:
  - permission: orders.ship
  - rule: order.shippedAt == null
  - rule: order.shippedAt == null  # found here
`,
  },
  good: {
    spec: `
policies:
  - permission: orders.ship
  - rule: order.shippedAt == null
  - rule: order.status == 'paid'
`,
  },
  check({ useCase }, report) {
    const policies = policyList(useCase);
    if (policies.length < 2) return;
    const seen = new Map<string, Policy>();
    for (const policy of policies) {
      const key = meaning(policy).join("\0");
      const first = seen.get(key);
      seen.set(key, first ?? policy);
      if (first === undefined) continue;
      report({
        at: { path: [...policy.path, policy.kind], ...(policy.file !== undefined && { file: policy.file }) },
        message: `This ${policy.kind} stands in the list already.`,
        related: [{ message: "the first one", at: first }],
      });
    }
  },
};

function meaning(policy: Policy): readonly (string | undefined)[] {
  const when = policy.when?.source;
  switch (policy.kind) {
    case "permission":
      return [policy.kind, policy.permission, policy.resource?.source, when];
    case "rule":
      return [policy.kind, policy.rule.source.replace(/\s+/g, " ").trim(), when];
    case "check":
      return [policy.kind, policy.check.name, when];
  }
}
