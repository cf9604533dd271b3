import type { Rule } from "../rule.js";

export const handlerTx: Rule = {
  id: "handler/tx",
  severity: "warning",
  subject: "use case",
  summary: "a handler that changes rows by itself (`tx: write`)",
  why: "What it writes is not in the audit's changes, takes no place in the lock order, and nothing checks which tables it touches.",
  bad: { spec: "tx: write  # found here\n" },
  good: { spec: "tx: read\n" },
  check({ useCase }, report) {
    if (useCase.tx !== "write") return;
    report({
      at: { path: ["tx"] },
      message: `What ${useCase.name} writes by \`tx\` is not audited.`,
      help: "Declare the tables under `writes`; `tx: read` is enough for a query that a load cannot state.",
    });
  },
};
