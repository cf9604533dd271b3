import { needsHandler } from "../../spec/needs-handler.js";
import type { Rule } from "../rule.js";

export const stateUnused: Rule = {
  id: "state/unused",
  severity: "warning",
  subject: "use case",
  summary: "rows that are loaded and read by nobody",
  why: "It costs a statement in every call, and a reader looks for what it is for.",
  bad: {
    spec: `
state:
  order: { table: orders, where: { id: command.orderId } }
  lines:  # found here
    table: orderLines
    where: { orderId: command.orderId }
    cardinality: many
result: { total: { from: order.total } }
`,
    without: ["writes", "idempotency"],
  },
  good: {
    spec: `
state:
  order: { table: orders, where: { id: command.orderId } }
  lines:
    table: orderLines
    where: { orderId: command.orderId }
    cardinality: many
result: { total: { from: order.total }, lines: { from: size(lines) } }
`,
    without: ["writes", "idempotency"],
  },
  check({ useCase, expressions, handlerSource }, report) {
    const hasHandler = needsHandler(useCase);
    const source = handlerSource();
    // While there is no handler, nobody knows what it will read.
    if (hasHandler && source === undefined) return;
    const read = new Set([
      ...expressions().flatMap(({ checked }) => [...checked.roots]),
      ...useCase.transitions.map(({ load }) => load.name),
    ]);
    for (const load of useCase.loads) {
      // A row that must be there, or that is locked, has done its work by being loaded.
      if (load.kind !== "table" || load.lock !== "none" || load.cardinality === "one" || load.missing !== undefined) continue;
      if (read.has(load.name) || (hasHandler && new RegExp(`\\b${load.name}\\b`).test(source ?? ""))) continue;
      report({ at: load, on: "key", message: `Nobody reads ${load.name}: no expression, no transition, and not the handler.` });
    }
  },
};
