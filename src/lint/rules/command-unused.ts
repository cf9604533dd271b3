import { needsHandler } from "../../spec/needs-handler.js";
import { passesOn } from "../handler-mentions.js";
import type { Rule } from "../rule.js";
import { typedNodes } from "../typed-nodes.js";

export const commandUnused: Rule = {
  id: "command/unused",
  severity: "warning",
  subject: "use case",
  summary: "a field of the command that nobody reads",
  why: "Callers fill it in and believe that it does something. Taking it back later breaks them.",
  bad: {
    spec: `
command:
  orderId: uuid
  withLines: boolean  # found here
state:
  order: { table: orders, where: { id: command.orderId } }
writes: {}
result: { total: { from: order.total } }
`,
    without: ["writes", "idempotency"],
  },
  good: {
    spec: `
command:
  orderId: uuid
  withLines: boolean
state:
  order: { table: orders, where: { id: command.orderId } }
  lines: { table: orderLines, where: { orderId: order.id }, cardinality: many, limit: 100, when: command.withLines }
writes: {}
result: { total: { from: order.total }, lines: { from: size(lines) } }
`,
    without: ["writes", "idempotency"],
  },
  check({ useCase, expressions, handlerSource }, report) {
    if (useCase.command.length === 0) return;
    const hasHandler = needsHandler(useCase);
    const source = handlerSource();
    // While there is no handler, nobody knows what it will read; where the command is passed on as a whole, neither.
    if ((hasHandler && source === undefined) || passesOn("command", source)) return;
    const read = new Set<string>();
    for (const { checked } of expressions()) {
      if (checked.tree === undefined) return;
      if (!checked.roots.has("command")) continue;
      let whole = 0;
      for (const node of typedNodes(checked.tree)) {
        if (node.op === "variable" && node.name === "command" && !node.local) whole++;
        if (node.op !== "field" || node.object.op !== "variable" || node.object.name !== "command") continue;
        read.add(node.name);
        whole--;
      }
      if (whole > 0) return;
    }
    for (const field of useCase.command) {
      if (read.has(field.name) || (source !== undefined && new RegExp(`\\b${field.name}\\b`).test(source))) continue;
      report({ at: field, on: "key", message: `Nobody reads command.${field.name}: no expression, and not the handler.` });
    }
  },
};
