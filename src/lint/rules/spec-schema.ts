import type { Rule } from "../rule.js";

export const specSchema: Rule = {
  id: "spec/schema",
  severity: "error",
  required: true,
  subject: "files",
  summary: "an unknown or misplaced key, or a value of the wrong form",
  why: "A key that nobody reads is a promise that nobody keeps.",
  bad: {
    spec: "state:\n  order:\n    table: orders\n    where: { id: command.orderId }\n    locked: no key update  # found here\n",
  },
  good: { spec: "state:\n  order:\n    table: orders\n    where: { id: command.orderId }\n    lock: no key update\n" },
};
