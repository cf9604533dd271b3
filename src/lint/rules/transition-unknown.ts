import { nearest } from "../../spec/suggest.js";
import type { Report, Rule } from "../rule.js";

export const transitionUnknown: Rule = {
  id: "transition/unknown",
  severity: "error",
  required: true,
  local: true,
  subject: "project",
  summary: "a transition to or by something that the state machine does not have",
  why: "A transition names a machine, one of its events and a row of its table; a machine's events lead to its own states.",
  bad: { spec: "transitions:\n  - state: order\n    machine: Order\n    event: shipp  # found here\n" },
  good: { spec: "transitions:\n  - state: order\n    machine: Order\n    event: ship\n" },
  checkUseCase({ useCase, project, findLoad, findMachine }, report) {
    for (const { load: name, machine: named, event } of useCase.transitions) {
      const machine = findMachine(named.name);
      if (machine === undefined && project.unreadMachines?.includes(named.name)) continue;
      if (machine === undefined) {
        report({
          at: { file: useCase.file, path: named.path },
          message: `There is no machine "${named.name}".`,
          suggestions: nearest(
            named.name,
            project.machines.map((known) => known.name),
          ),
        });
        continue;
      }
      const events = machine.states.flatMap(({ on }) => on.map((transition) => transition.event));
      if (!events.includes(event.name))
        report({
          at: { file: useCase.file, path: event.path },
          message: `Machine ${machine.name} has no event "${event.name}".`,
          suggestions: nearest(event.name, events),
        });
      const load = findLoad(name.name);
      if (load?.kind === "table" && load.table.name !== machine.table.name)
        report({
          at: { file: useCase.file, path: name.path },
          message: `Machine ${machine.name} is about rows of ${machine.table.name}, but ${name.name} is a row of ${load.table.name}.`,
        });
    }
  },
  check({ project }, report) {
    for (const machine of project.machines) {
      const states = machine.states.map(({ name }) => name);
      const unknown = (name: string, path: Report["at"]["path"]): Report => ({
        at: { file: machine.file, path },
        message: `Machine ${machine.name} has no state "${name}".`,
        suggestions: nearest(name, states),
      });
      if (!states.includes(machine.initial.name)) report(unknown(machine.initial.name, machine.initial.path));
      for (const { on } of machine.states) for (const { target, path } of on) if (!states.includes(target)) report(unknown(target, path));
    }
  },
};
