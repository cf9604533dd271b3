import { findColumn } from "../../spec/find-table.js";
import type { UseCaseContext } from "../context.js";
import { namesIn } from "../locks/names-in.js";
import type { Rule } from "../rule.js";
import { tableLoads } from "../table-loads.js";

export const policyOpenQuery: Rule = {
  id: "policy/open-query",
  severity: "warning",
  subject: "use case",
  summary: "a query that shows any row to anybody who knows or guesses its id",
  why: "Which row is read is the caller's choice, and nothing asks who the caller is: the most common hole of APIs. An id is no secret.",
  bad: {
    spec: `
command: { orderId: uuid }
state:
  order: { table: orders, where: { id: command.orderId } }  # found here
result: { total: { from: order.total } }
`,
    without: ["idempotency", "policies", "writes", "audit"],
  },
  good: {
    spec: `
command: { orderId: uuid }
state:
  order: { table: orders, where: { id: command.orderId } }
policies:
  - permission: orders.read
    resource: order
result: { total: { from: order.total } }
`,
    without: ["idempotency", "writes", "audit"],
  },
  check(context, report) {
    const { useCase, expressions } = context;
    if (useCase.kind !== "query" || useCase.policies === "none") return;
    if (useCase.policies?.some(({ kind }) => kind === "permission" || kind === "check")) return;
    const own = expressions().filter(({ place }) => place.kind !== "actor");
    if (own.some(({ expression }) => namesIn(expression).roots.has("actor"))) return;
    for (const load of tableLoads(useCase)) {
      const chosen = own.some(
        ({ place, expression }) => place.kind === "where" && place.load === load && namesIn(expression).roots.has("command"),
      );
      if (!chosen || isTenants(load.table.name, context) || load.aggregate !== undefined) continue;
      report({
        at: load,
        on: "key",
        message: `Anybody may read any row of ${load.table.name} here: nothing asks who calls.`,
        help: `Add \`policies: [{ permission: …, resource: ${load.name} }]\`, a condition on the actor, or \`policies: none\` where it is public.`,
      });
      return;
    }
  },
};

/** Whether the convention keeps to the caller's tenant. */
function isTenants(tableName: string, { project, findTable, useCase }: UseCaseContext): boolean {
  const { tenant } = project.config;
  const table = findTable(tableName);
  return tenant !== undefined && !useCase.tenantOff && table !== undefined && findColumn(table, tenant.column) !== undefined;
}
