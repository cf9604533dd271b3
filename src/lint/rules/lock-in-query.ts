import type { Load } from "../../spec/model.js";
import type { Rule } from "../rule.js";

export const lockInQuery: Rule = {
  id: "lock/in-query",
  severity: "error",
  required: true,
  subject: "use case",
  summary: "a query that takes locks, or ids of a sequence",
  why: "A query reads one snapshot and changes nothing: Postgres refuses to lock rows in it, and a lock given back without a change has kept writers waiting for nothing.",
  bad: {
    spec: `
state:
  gate: { advisoryLock: command.orderId }  # found here
  order: { table: orders, where: { id: command.orderId } }
writes: {}
result: { total: { from: order.total } }
`,
    without: ["writes", "idempotency"],
  },
  good: {
    spec: `
state:
  order: { table: orders, where: { id: command.orderId } }
writes: {}
result: { total: { from: order.total } }
`,
    without: ["writes", "idempotency"],
  },
  check({ useCase }, report) {
    if (useCase.kind !== "query") return;
    for (const load of useCase.loads) {
      const what = taken(load);
      if (what !== undefined)
        report({
          at: load,
          on: "key",
          message: `${useCase.name} changes nothing, and takes ${what}.`,
          help: "Leave it out, or declare what is changed.",
        });
    }
  },
};

function taken(load: Load): string | undefined {
  if (load.kind === "sequence") return "an id of a sequence";
  if (load.kind === "advisoryLock") return "an advisory lock";
  return load.lock === "none" ? undefined : `a lock (\`${load.lock}\`)`;
}
