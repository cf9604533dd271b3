import type { Machine, Transition } from "../../spec/model.js";
import { excludeEachOther } from "../exclusive-conditions.js";
import type { Rule } from "../rule.js";
import { within } from "../within.js";

export const transitionOverlap: Rule = {
  id: "transition/overlap",
  severity: "warning",
  subject: "use case",
  summary: "two events for one row whose conditions may both hold",
  why: "When both hold, the second event meets the state that the first one has led to, and the whole call is refused with InvalidTransition.",
  bad: {
    spec: `
command:
  orderId: uuid
  express: boolean
transitions:
  - { state: order, machine: Order, event: pay, when: order.shippedAt == null }
  - { state: order, machine: Order, event: cancel, when: command.express }  # found here
`,
    files: {
      "order.machine.yaml": `
machine: Order
table: orders
field: status
initial: draft
states:
  draft: { on: { pay: paid, cancel: shipped } }
  paid: { type: final }
  shipped: { type: final }
`,
    },
  },
  good: {
    spec: `
command:
  orderId: uuid
  express: boolean
transitions:
  - { state: order, machine: Order, event: pay, when: "!command.express" }
  - { state: order, machine: Order, event: cancel, when: command.express }
`,
    files: {
      "order.machine.yaml": `
machine: Order
table: orders
field: status
initial: draft
states:
  draft: { on: { pay: paid, cancel: shipped } }
  paid: { type: final }
  shipped: { type: final }
`,
    },
  },
  check({ useCase, findMachine, expressions }, report) {
    const conditionOf = (transition: Transition) =>
      expressions().find(({ place }) => place.kind === "transition when" && place.transition === transition)?.checked;
    for (const [index, second] of useCase.transitions.entries())
      for (const first of useCase.transitions.slice(0, index)) {
        if (first.load.name !== second.load.name || first.machine.name !== second.machine.name) continue;
        const machine = findMachine(second.machine.name);
        const [a, b] = [conditionOf(first), conditionOf(second)];
        if (machine === undefined || a === undefined || b === undefined || canFollow(machine, first, second)) continue;
        if (a.problems.length > 0 || b.problems.length > 0 || excludeEachOther(a, b)) continue;
        report({
          at: within(second, "when"),
          message: `${first.event.name} and ${second.event.name} may both be due: neither condition rules the other out.`,
          help: `Begin one of them with the opposite of the other, for example \`!(${a.source}) && …\`.`,
          related: [{ message: `${first.event.name} is due when this holds`, at: within(first, "when") }],
        });
        break;
      }
  },
};

/** Whether the one event leads to a state that allows the other: then both may be meant, one after the other. */
function canFollow({ states }: Machine, first: Transition, second: Transition): boolean {
  const reached = states.flatMap(({ on }) => on.filter(({ event }) => event === first.event.name).map(({ target }) => target));
  return states.some(({ name, on }) => reached.includes(name) && on.some(({ event }) => event === second.event.name));
}
