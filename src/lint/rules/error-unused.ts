import { needsHandler } from "../../spec/needs-handler.js";
import { nearest } from "../../spec/suggest.js";
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
  *check({ useCase, handlerSource, findError }) {
    if (useCase.errors.length === 0) return;
    const raised = new Set([
      ...useCase.loads.flatMap((load) => (load.kind === "table" && load.missing ? [load.missing.name] : [])),
      ...(useCase.policies === undefined || useCase.policies === "none" ? [] : useCase.policies.flatMap(({ error }) => error?.name ?? [])),
      ...useCase.prepare.flatMap(({ error }) => error?.name ?? []),
    ]);
    const misspelt = [...raised].filter((name) => findError(name) === undefined);
    for (const error of useCase.errors) {
      if (raised.has(error.name) || error.constraints.length > 0) continue;
      // Where it was meant but misspelt, that is the mistake.
      if (nearest(error.name, misspelt).length > 0) continue;
      // A handler may reject with it; while there is none, nobody knows.
      const hasHandler = needsHandler(useCase);
      const source = handlerSource();
      if (hasHandler && (source === undefined || mentions(source, error.name))) continue;
      yield {
        at: error.file === undefined ? error : { path: ["errors"] },
        on: "key",
        message: `Nothing raises ${error.name}: no load, policy or constraint, and not the handler.`,
      };
    }
  },
};

const mentions = (source: string, name: string) => new RegExp(`["'\`]${name}["'\`]`).test(source);
