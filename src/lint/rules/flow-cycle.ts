import { messageKey } from "../../spec/find-message.js";
import type { Message, UseCase } from "../../spec/model.js";
import { startedBy, triggers } from "../messages.js";
import type { GatheredBy, Rule } from "../rule.js";

export const flowCycle: Rule<GatheredBy<typeof triggers>> = {
  id: "flow/cycle",
  severity: "warning",
  subject: "project",
  summary: "use cases that start each other without end",
  why: "An event starts a use case whose event starts the first one again: one call becomes a call for ever, as fast as the relay delivers. A `when` on one of the messages says where it ends.",
  bad: {
    spec: `
jobs:
  ShipOrder:  # found here
    payload: { orderId: { from: order.id } }
triggers:
  - { job: ShipOrder }
`,
  },
  good: {
    spec: `
jobs:
  ShipOrder:
    when: order.shippedAt == null
    payload: { orderId: { from: order.id } }
triggers:
  - { job: ShipOrder }
`,
  },
  gather: triggers,
  check({ project }, report, given) {
    if (given.every(({ fact }) => fact.every(({ kind }) => kind === "schedule"))) return;
    const started = startedBy(project.useCases);
    if (started.size === 0) return;
    const told = new Set<UseCase>();
    for (const useCase of project.useCases) {
      const cycle = told.has(useCase) ? undefined : findCycle(useCase, started);
      const [first, ...others] = cycle ?? [];
      if (cycle === undefined || first === undefined) continue;
      for (const { from } of cycle) told.add(from);
      report({
        at: { path: first.message.path, file: first.message.file ?? first.from.file },
        on: "key",
        message: `This never ends: ${cycle.map(({ from, message }) => `${from.name} → ${message.name}`).join(" → ")} → ${useCase.name}.`,
        help: "Say with `when` on one of the messages how it ends.",
        related: others.map(({ from, message }) => ({
          message: `${from.name} sends ${message.name}`,
          at: { path: message.path, file: message.file ?? from.file, on: "key" as const },
        })),
      });
    }
  },
};

/** A use case and the message by which it starts the next one. */
interface Step {
  readonly from: UseCase;
  readonly message: Message;
}

/** A shortest way from a use case back to itself, by messages that are sent unconditionally. */
function findCycle(start: UseCase, started: ReadonlyMap<string, readonly UseCase[]>): readonly Step[] | undefined {
  const ways: { readonly at: UseCase; readonly steps: readonly Step[] }[] = [{ at: start, steps: [] }];
  const seen = new Set<UseCase>();
  for (const { at, steps } of ways)
    for (const message of [...at.events, ...at.jobs].filter(({ when }) => when === undefined))
      for (const next of started.get(messageKey(message)) ?? []) {
        const way = [...steps, { from: at, message }];
        if (next === start) return way;
        if (seen.has(next)) continue;
        seen.add(next);
        ways.push({ at: next, steps: way });
      }
  return undefined;
}
