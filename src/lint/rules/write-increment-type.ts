import { findColumn } from "../../spec/find-table.js";
import { isNumberColumn } from "../number-column.js";
import type { Rule } from "../rule.js";

export const writeIncrementType: Rule = {
  id: "write/increment-type",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "an increment of a column that holds no number, or that may be NULL",
  why: "The database adds to what is there: to a text it cannot, and NULL plus one stays NULL.",
  bad: { spec: "writes:\n  orderLines: { increment: [sku] }  # found here\n" },
  good: { spec: "writes:\n  orderLines: { increment: [quantity] }\n" },
  check({ useCase, findTable }, report) {
    for (const { table: named, increment } of useCase.writes) {
      const table = findTable(named.name);
      for (const name of table === undefined ? [] : (increment ?? [])) {
        const column = table && findColumn(table, name.name);
        if (column === undefined) continue;
        const where = `Column ${named.name}.${name.name}`;
        if (!isNumberColumn(column)) report({ at: name, message: `${where} is ${column.sqlType}: only a number can be incremented.` });
        else if (!column.notNull)
          report({
            at: name,
            message: `${where} may be NULL, and NULL plus a number stays NULL.`,
            help: "Make it `notNull()` with a default.",
          });
      }
    }
  },
};
