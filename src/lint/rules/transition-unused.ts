import { nearest } from "../../spec/suggest.js";
import type { Rule } from "../rule.js";

export const transitionUnused: Rule<readonly (readonly [machine: string, event: string])[]> = {
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
  gather: {
    id: "transitions",
    of({ useCase: { transitions } }) {
      return transitions.length === 0 ? undefined : transitions.map(({ machine, event }) => [machine.name, event.name] as const);
    },
  },
  check({ project }, report, transitions) {
    if (project.incomplete) return;
    const takenOf = new Map<string, string[]>();
    for (const [machine, event] of transitions.flatMap(({ fact }) => fact)) takenOf.set(machine, [...(takenOf.get(machine) ?? []), event]);
    for (const machine of project.machines) {
      const taken = takenOf.get(machine.name) ?? [];
      // Of a machine that is not in use yet, every event would be one.
      if (taken.length === 0) continue;
      const events = new Set(machine.states.flatMap(({ on }) => on.map(({ event }) => event)));
      // One that was meant but misspelt is told as such.
      const told = new Set(taken.flatMap((event) => (events.has(event) ? [event] : nearest(event, events).slice(0, 1))));
      for (const { on } of machine.states)
        for (const { event, path } of on) {
          if (told.has(event)) continue;
          told.add(event);
          report({
            at: { file: machine.file, path },
            on: "key",
            message: `No use case takes event "${event}" of machine ${machine.name}.`,
          });
        }
    }
  },
};
