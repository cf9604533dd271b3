import { nearest } from "../../spec/suggest.js";
import type { Rule } from "../rule.js";

export const transitionUnused: Rule = {
  id: "transition/unused",
  severity: "warning",
  subject: "project",
  summary: "an event of a state machine that no use case takes",
  why: "The machine promises a way that nobody can go: a use case is missing, or the event is left over.",
  bad: {
    spec: "transitions:\n  - { state: order, machine: Order, event: pay }\n",
    files: {
      "order.machine.yaml": `
machine: Order
table: orders
field: status
initial: draft
states:
  draft: { on: { pay: paid } }
  paid:
    on:
      ship: shipped  # found here
  shipped: { type: final }
`,
    },
  },
  good: { spec: "transitions:\n  - { state: order, machine: Order, event: ship }\n" },
  *check({ project }) {
    if (project.incomplete) return;
    for (const machine of project.machines) {
      const taken = project.useCases.flatMap(({ transitions }) =>
        transitions.filter((transition) => transition.machine.name === machine.name).map(({ event }) => event.name),
      );
      // Of a machine that is not in use yet, every event would be one.
      if (taken.length === 0) continue;
      const events = new Set(machine.states.flatMap(({ on }) => on.map(({ event }) => event)));
      // One that was meant but misspelt is told as such.
      const told = new Set(taken.flatMap((event) => (events.has(event) ? [event] : nearest(event, events).slice(0, 1))));
      for (const { on } of machine.states)
        for (const { event, path } of on) {
          if (told.has(event)) continue;
          told.add(event);
          yield { at: { file: machine.file, path }, on: "key", message: `No use case takes event "${event}" of machine ${machine.name}.` };
        }
    }
  },
};
