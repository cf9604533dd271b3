import { isUpgrade } from "../locks/is-upgrade.js";
import { analyseLocks } from "../locks/lock-analysis.js";
import { type LockFacts, lockFacts } from "../locks/lock-facts.js";
import type { Rule } from "../rule.js";

export const lockUpgrade: Rule<LockFacts> = {
  id: "lock/upgrade",
  severity: "error",
  subject: "project",
  summary: "rows that are locked twice, with different strengths",
  why: "Two calls can share a row, and then each waits for the other to let go before it can write: a deadlock. And rows of one table that are locked in two statements are not locked in one order.",
  bad: {
    spec: `
state:
  order:
    table: orders
    where: { id: command.orderId }
    lock: share  # found here
`,
  },
  good: { spec: "state:\n  order:\n    table: orders\n    where: { id: command.orderId }\n    lock: no key update\n" },
  gather: lockFacts,
  check(project, report, facts) {
    const told = new Set<string>();
    for (const cycle of analyseLocks(project, facts).cycles) {
      const [edge] = cycle.edges[0] ?? [];
      if (edge === undefined || !isUpgrade(cycle) || told.has(cycle.key)) continue;
      told.add(cycle.key);
      const { context, held, wanted } = edge;
      const written = wanted.stage.kind === "write";
      const strengths = written ? `\`${held.lock}\`` : `\`${held.lock}\` and then \`${wanted.lock}\``;
      report({
        at: held.at,
        message: written
          ? `${context.useCase.name} ${held.does} ${strengths}, and then ${wanted.does}: two calls that share a row wait for each other.`
          : `${context.useCase.name} locks rows of ${held.resource} ${strengths}: two calls can wait for each other.`,
        help: written
          ? `Lock ${held.loads.join(" and ")} with \`${wanted.lock}\` from the start.`
          : "Give both loads the stronger lock; where neither needs the other, they are then one statement.",
        related: [{ message: wanted.does, at: wanted.at }],
      });
    }
  },
};
