import type { Rule } from "../rule.js";

export const transitionUnreachable: Rule = {
  id: "transition/unreachable",
  severity: "warning",
  subject: "machine",
  summary: "a state that no event leads to",
  why: "No row can ever get there by way of a use case: either an event is missing, or the state is left over.",
  bad: {
    files: {
      "order.machine.yaml": `
machine: Order
table: orders
field: status
initial: draft
states:
  draft: { on: { ship: shipped } }
  paid: { on: { ship: shipped } }  # found here
  shipped: { type: final }
`,
    },
  },
  good: {},
  check({ machine }, report) {
    const states = new Map(machine.states.map((state) => [state.name, state]));
    // An initial state or a target that is not there is a mistake of its own.
    if (!states.has(machine.initial.name) || machine.states.some(({ on }) => on.some(({ target }) => !states.has(target)))) return;
    const reached = new Set([machine.initial.name]);
    for (const name of reached) for (const { target } of states.get(name)?.on ?? []) reached.add(target);
    for (const state of machine.states)
      if (!reached.has(state.name))
        report({ at: state, on: "key", message: `No events lead from "${machine.initial.name}" to state "${state.name}".` });
  },
};
