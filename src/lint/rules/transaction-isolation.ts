import type { Load, Table, UseCase } from "../../spec/model.js";
import type { UseCaseContext } from "../context.js";
import type { Rule } from "../rule.js";
import { coversUnique, fixedColumns } from "../unique-columns.js";
import { within } from "../within.js";

export const transactionIsolation: Rule = {
  id: "transaction/isolation",
  severity: "error",
  subject: "use case",
  summary: "an isolation that gives nothing for what the loads do, or that cannot hold what it promises",
  why: "Isolation `serializable` protects decisions on rows that are not locked, at the price of whole calls that are refused and run again. Where every row is locked there is nothing left to protect; where nothing is run again, callers get the conflicts.",
  bad: {
    spec: `
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
transaction:
  isolation: serializable  # found here
`,
  },
  good: {
    spec: `
state:
  order: { table: orders, where: { id: command.orderId }, lock: no key update }
  others: { table: orders, where: { customerId: order.customerId }, cardinality: many, limit: 10 }
policies:
  - permission: orders.ship
  - rule: size(others) < 10
transaction:
  isolation: serializable
`,
  },
  check(context, report) {
    const { transaction, kind, loads, name } = context.useCase;
    if (transaction.isolation !== "serializable") return;
    const at = within(transaction, "isolation");
    const advisory = loads.find((load) => load.kind === "advisoryLock");
    if (kind === "query") report({ at, message: `${name} only reads, and reads one snapshot in any case: \`serializable\` adds nothing.` });
    else if (loads.every((load) => isHeld(load, context)))
      report({ at, message: "Every row that is read is locked: `serializable` has nothing to protect.", help: "Leave it out." });
    else if (advisory !== undefined)
      report({
        at: within(advisory, "advisoryLock"),
        on: "key",
        message: "Under `serializable` whoever waited for this lock reads what was there before it, and must run again.",
        help: "Use one of the two: the lock, with `read committed`, or `serializable` alone.",
      });
    else if (transaction.retries === 0)
      report({
        at: within(transaction, "isolation"),
        message: "`serializable` refuses calls that conflict, and `retries: 0` runs none of them again.",
      });
  },
};

/** Whether nobody can change what the load has found, nor add to it. */
function isHeld(load: Load, { findTable, useCase, project }: UseCaseContext): boolean {
  if (load.kind !== "table") return true;
  const table: Table | undefined = findTable(load.table.name);
  const isLocked = load.lock !== "none";
  return isLocked && table !== undefined && isOneRow(load, table, useCase, project.config);
}

function isOneRow(
  load: Load & { readonly kind: "table" },
  table: Table,
  useCase: UseCase,
  config: UseCaseContext["project"]["config"],
): boolean {
  return coversUnique(fixedColumns(load, table, useCase, config), table);
}
