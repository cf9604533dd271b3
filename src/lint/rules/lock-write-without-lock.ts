import { findColumn } from "../../spec/find-table.js";
import type { Load, Located, TableLoad, UseCase } from "../../spec/model.js";
import { loadDependencies, reachable } from "../load-dependencies.js";
import { once } from "../once.js";
import type { Rule } from "../rule.js";
import { within } from "../within.js";

export const lockWriteWithoutLock: Rule = {
  id: "lock/write-without-lock",
  severity: "warning",
  subject: "use case",
  summary: "an update or delete of rows that are loaded without a lock",
  why: "Between reading the row and writing it somebody else may have changed it: what they wrote would be lost, and a rule that was true may no longer be.",
  bad: {
    spec: `
state:
  order:
    table: orders
    where: { id: command.orderId }
writes:
  orders: { update: [shippedAt] }  # found here
`,
  },
  good: {
    spec: `
state:
  order:
    table: orders
    where: { id: command.orderId }
    lock: no key update
  lines:
    table: orderLines
    where: { orderId: order.id }
    cardinality: many
writes:
  orders: { update: [shippedAt] }
  orderLines: { update: [quantity] }
`,
  },
  check(context, report) {
    const { useCase, project, findTable } = context;
    const version = project.config.version?.column;
    const dependencies = once(() => loadDependencies(context));
    const loads = useCase.loads.filter((load): load is TableLoad => load.kind === "table");
    // Rows that were found through a locked row (an order's lines) are changed by whoever has that lock.
    // One that is locked `share` and then written is what `lock/upgrade` is about.
    const guarded = (load: TableLoad) =>
      load.lock !== "none" ||
      [...reachable(load.name, dependencies())].some((name) => loads.some((other) => other.name === name && isLocked(other)));
    for (const [name, at] of changedTables(useCase)) {
      const table = findTable(name);
      if (table === undefined || (version !== undefined && findColumn(table, version) !== undefined)) continue;
      const ofTable = loads.filter((load) => load.table.name === table.name);
      // Where one load of the table is locked, it is the one to be written; the others are for comparing.
      if (ofTable.length === 0 || ofTable.some(guarded)) continue;
      const unlocked = ofTable.map((load) => load.name).join(" and ");
      report({
        at,
        ...("table" in at && { on: "key" }),
        message: `Rows of ${table.name} are written, but ${unlocked} ${ofTable.length === 1 ? "is" : "are"} loaded without a lock.`,
        help: "Load them with `lock: no key update`.",
        related: ofTable.map((load) => ({ message: "loaded here", at: within(load, "table") })),
      });
    }
  },
};

/** The tables whose loaded rows the handler or a transition changes, each with the first place that says so. */
function changedTables({ writes, transitions, loads }: UseCase): ReadonlyMap<string, Located> {
  const changed = new Map<string, Located>();
  for (const write of writes) if (write.update !== undefined || write.delete === "row") changed.set(write.table.name, write);
  for (const transition of transitions) {
    const load = loads.find(({ name }) => name === transition.load.name);
    if (load?.kind === "table" && !changed.has(load.table.name)) changed.set(load.table.name, transition.load);
  }
  return changed;
}

const isLocked = (load: Load) => load.kind === "table" && (load.lock === "no key update" || load.lock === "update");
