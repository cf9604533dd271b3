import type { Table, Where } from "../../spec/model.js";
import { allConditions } from "../conditions.js";
import type { Rule } from "../rule.js";
import { within } from "../within.js";

export const writeNoIndex: Rule = {
  id: "write/no-index",
  severity: "warning",
  subject: "use case",
  summary: "a delete for which the database must read a whole table",
  why: "For every deleted row the database looks for rows that refer to it, and a delete by condition looks for the rows themselves: without an index each is a sequential scan, while locks are held.",
  bad: {
    spec: `
writes:
  importedRows:
    delete:
      where: { orderId: command.orderId }  # found here
`,
  },
  good: {
    spec: `
writes:
  orderLines:
    delete:
      where: { orderId: command.orderId }
`,
  },
  check({ project, useCase, findTable }, report) {
    for (const write of useCase.writes) {
      const table = findTable(write.table.name);
      if (table === undefined || write.delete === undefined) continue;
      for (const child of project.schema?.tables ?? [])
        for (const key of child.foreignKeys) {
          if (key.table !== table.name || isLed(child, key.columns)) continue;
          report({
            at: write,
            on: "key",
            message: `Deleting a row of ${table.name} reads all of ${child.name}: no index begins with ${key.columns.join(", ")}.`,
            help: `Add an index on ${child.name} (${key.columns.join(", ")}).`,
          });
        }
      if (write.delete === "row" || findsByIndex(write.delete, table)) continue;
      const columns = allConditions(write.delete).map(({ column }) => column.name);
      report({
        at: within(write.delete),
        message: `No index of ${table.name} begins with ${[...new Set(columns)].join(" or ") || "anything"}: the delete reads the whole table.`,
      });
    }
  },
};

/** Whether one index begins with all of these columns, in any order. */
function isLed({ primaryKey, indexes, uniques }: Table, columns: readonly string[]): boolean {
  return [
    primaryKey,
    ...uniques.map((unique) => unique.columns),
    ...indexes.filter(({ partial }) => !partial).map((index) => index.columns),
  ].some((index) => columns.every((column) => index.slice(0, columns.length).includes(column)));
}

const seeking: ReadonlySet<string> = new Set(["eq", "in", "gt", "gte", "lt", "lte"]);

function findsByIndex({ conditions, or }: Where, table: Table): boolean {
  const sought = conditions.filter(({ operator }) => seeking.has(operator)).some(({ column }) => isLed(table, [column.name]));
  return sought || or.some((branches) => branches.every((branch) => findsByIndex(branch, table)));
}
