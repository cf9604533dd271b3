import type { Policy, Transition } from "../../spec/model.js";
import { ToolError } from "../../spec/tool-error.js";
import { array, type Code, object, objectOf } from "../code/code.js";
import { literal, propertyKey } from "../encode.js";
import type { UseCaseParts } from "./use-case-parts.js";

/** The policies in their order. */
export function policyDefinitions(policies: readonly Policy[], parts: UseCaseParts): Code {
  return { kind: "list", items: policies.map((policy) => policyDefinition(policy, parts)) };
}

function policyDefinition(policy: Policy, parts: UseCaseParts): Code {
  const { expressions } = parts;
  const error = policy.error && literal(policy.error.name);
  const when = policy.when && expressions.function(policy.when, { kind: "policy when", policy });
  switch (policy.kind) {
    case "permission":
      return object({
        permission: literal(policy.permission),
        resource: policy.resource && expressions.function(policy.resource, { kind: "resource", policy }),
        error,
        when,
      });
    case "check":
      return object({ check: literal(policy.check.name), error, when });
    case "rule":
      return object(
        {
          rule: expressions.function(policy.rule, { kind: "rule", policy }),
          source: literal(policy.rule.source),
          error,
          details: policy.details.length === 0 ? undefined : details(policy, parts),
          when,
        },
        { expanded: true },
      );
  }
}

function details(policy: Extract<Policy, { kind: "rule" }>, { expressions }: UseCaseParts): Code {
  return expressions.objectFunction(
    policy.details.map((detail) => ({
      key: propertyKey(detail.name),
      expression: detail.value,
      place: { kind: "detail", policy, detail },
    })),
  );
}

/** The transitions, each with the moves that its machine allows. */
export function transitionDefinitions(transitions: readonly Transition[], { context, expressions }: UseCaseParts): Code {
  const items = transitions.map((transition) => {
    const machine = context.project.machines.find(({ name }) => name === transition.machine.name);
    if (machine === undefined) throw new ToolError("internal", `There is no machine ${transition.machine.name}; lint should have said so.`);
    const moves = machine.states.flatMap(({ name, on }) =>
      on.filter(({ event }) => event === transition.event.name).map(({ target }) => ({ key: propertyKey(name), value: literal(target) })),
    );
    return object({
      state: literal(transition.load.name),
      machine: literal(machine.name),
      event: literal(transition.event.name),
      field: literal(machine.field.name),
      moves: objectOf(moves),
      when: transition.when && expressions.function(transition.when, { kind: "transition when", transition }),
    });
  });
  return array(items);
}
