import { findColumn } from "../../spec/find-table.js";
import type { Operator, Table, TableLoad, UseCase, Where } from "../../spec/model.js";
import { allConditions } from "../conditions.js";
import { loadLevels } from "../locks/load-levels.js";
import type { Rule } from "../rule.js";
import { tableLoads } from "../table-loads.js";

export const stateNoIndex: Rule = {
  id: "state/no-index",
  severity: "warning",
  subject: "use case",
  summary: "a load by columns that no index begins with, while locks are held",
  why: "The database reads the whole table to find the rows, longer with every row there is, and everybody who needs the rows that the call has locked waits for that.",
  bad: {
    spec: `
state:
  order:
    table: orders
    where: { id: command.orderId }
    lock: no key update
  imported:
    table: importedRows
    where: { orderId: order.id }  # found here
    cardinality: many
policies:
  - rule: size(imported) > 0
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
policies:
  - rule: size(lines) > 0
`,
  },
  check(context, report) {
    const { useCase, findTable, project } = context;
    const levels = loadLevels(context);
    if (levels === undefined || useCase.kind === "query") return;
    const loads = tableLoads(useCase);
    const firstLock = Math.min(...loads.filter(({ lock }) => lock !== "none").map(({ name }) => levels.get(name) ?? 0));
    for (const load of loads) {
      const table = findTable(load.table.name);
      if (table?.kind !== "table" || load.where.conditions.length + load.where.or.length === 0) continue;
      // One row has a unique key, which is an index, and locked rows have a primary key: other rules say so.
      if (load.cardinality !== "many" && load.orderBy.length === 0 && load.aggregate === undefined) continue;
      if (load.lock !== "none" && table.primaryKey.length === 0) continue;
      if (allConditions(load.where).some(({ column }) => findColumn(table, column.name) === undefined)) continue;
      // In one level the locked loads run first, so an unlocked one runs under their locks.
      if ((levels.get(load.name) ?? 0) < firstLock) continue;
      const tenant = tenantColumn(load, useCase, table, project.config.tenant?.column);
      if (isIndexed(load.where, table, tenant)) continue;
      const columns = usableColumns(load.where);
      const named = [...new Set([...tenant, ...columns])].join(" or ");
      const what = named === "" ? `No index of ${table.name} helps to find ${load.name}` : `No index of ${table.name} begins with ${named}`;
      report({
        at: load.where,
        message: `${what}: all of it is read, ${load.lock === "none" ? "while rows are locked" : "for a lock"}.`,
        ...(columns[0] !== undefined && { help: `Add \`index().on(table.${columns[0]})\` to the schema.` }),
      });
    }
  },
};

const usable: ReadonlySet<Operator> = new Set(["eq", "in", "gt", "gte", "lt", "lte", "like", "isNull", "arrayContains"]);

/** What an index can find rows by, in conditions that all hold. */
function usableColumns({ conditions }: Where): readonly string[] {
  return conditions.filter(({ operator }) => usable.has(operator)).map(({ column }) => column.name);
}

/** Whether the first column of an index is among the conditions; of an OR, in each branch. */
function isIndexed(where: Where, table: Table, tenant: readonly string[]): boolean {
  const named = new Set([...tenant, ...usableColumns(where)]);
  const keys = [table.primaryKey, ...[...table.uniques, ...table.indexes].map((index) => index.columns)];
  if (keys.some(([first]) => first !== undefined && first !== null && named.has(first))) return true;
  return where.or.some((branches) => branches.length > 0 && branches.every((branch) => isIndexed(branch, table, [])));
}

function tenantColumn(load: TableLoad, useCase: UseCase, { columns }: Table, tenant: string | undefined): readonly string[] {
  const bound = tenant !== undefined && !load.tenantOff && !useCase.tenantOff && columns.some(({ name }) => name === tenant);
  return bound ? [tenant] : [];
}
