import type { Rule } from "../rule.js";

export const transitionDeadEnd: Rule = {
  id: "transition/dead-end",
  severity: "warning",
  subject: "machine",
  summary: "a state that no event leaves and that is not final",
  why: "A row that gets there stays there. If that is meant, `type: final` says so; otherwise an event is missing.",
  bad: {
    files: {
      "order.machine.yaml": `
machine: Order
table: orders
field: status
initial: draft
states:
  draft: { on: { pay: paid } }
  paid: { on: { ship: shipped } }
  shipped: {}  # found here
`,
    },
  },
  good: {},
  check({ machine }, report) {
    for (const state of machine.states)
      if (!state.final && state.on.length === 0)
        report({
          at: state,
          on: "key",
          message: `No event leaves state "${state.name}", and it is not final.`,
          help: "Write `type: final`, or the events under `on`.",
        });
  },
};
