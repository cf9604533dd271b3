import type { UseCase } from "../../spec/model.js";
import { needsHandler } from "../../spec/needs-handler.js";
import { nearest } from "../../spec/suggest.js";
import { policyList } from "../policy-list.js";
import type { Rule } from "../rule.js";

export const errorUnused: Rule = {
  id: "error/unused",
  severity: "warning",
  subject: "use case",
  summary: "a declared error that nothing raises",
  why: "Callers would handle a refusal that never comes.",
  bad: {
    spec: `
state:
  order: { table: orders, where: { id: command.orderId } }
errors:
  AlreadyShipped: conflict  # found here
writes: {}
events: {}
result: { shipped: { type: boolean, from: "order.shippedAt != null" } }
`,
    without: ["writes", "idempotency"],
  },
  good: {
    spec: `
policies:
  - rule: order.shippedAt == null
    error: AlreadyShipped
errors:
  AlreadyShipped: conflict
`,
  },
  check({ useCase, handlerSource, findError }, report) {
    if (useCase.errors.length === 0) return;
    const raised = raisedErrors(useCase);
    const others = useCase.errors.filter(({ name, constraints }) => constraints.length === 0 && !raised.has(name));
    if (others.length === 0) return;
    const misspelt = [...raised].filter((name) => findError(name) === undefined);
    for (const error of others) {
      // Where it was meant but misspelt, that is the mistake.
      if (nearest(error.name, misspelt).length > 0) continue;
      // A handler may reject with it; while there is none, nobody knows.
      const hasHandler = needsHandler(useCase);
      const source = handlerSource();
      if (hasHandler && (source === undefined || mentions(source, error.name))) continue;
      report({
        at: error.file === undefined ? error : { path: ["errors"] },
        on: "key",
        message: `Nothing raises ${error.name}: no load, policy or constraint, and not the handler.`,
      });
    }
  },
};

/** The names of the errors that the spec itself says when to raise. */
function raisedErrors(useCase: UseCase): ReadonlySet<string> {
  const raised = new Set<string>();
  for (const load of useCase.loads) if (load.kind === "table" && load.missing !== undefined) raised.add(load.missing.name);
  for (const { error } of policyList(useCase)) if (error !== undefined) raised.add(error.name);
  for (const { error } of useCase.prepare) if (error !== undefined) raised.add(error.name);
  return raised;
}

const mentions = (source: string, name: string) => new RegExp(`["'\`]${name}["'\`]`).test(source);
