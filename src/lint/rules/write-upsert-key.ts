import { findColumn } from "../../spec/find-table.js";
import type { Rule } from "../rule.js";

export const writeUpsertKey: Rule = {
  id: "write/upsert-key",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "an upsert by columns that no primary key or unique index is made of",
  why: "The database decides by a unique index whether the row is there: without one over exactly these columns it refuses the statement.",
  bad: {
    spec: `
writes:
  customers:
    upsert:
      key: [apiKey]  # found here
      update: [email]
errors:
  EmailTaken: { kind: conflict, constraint: customers_email_unique }
`,
  },
  good: {
    spec: `
writes:
  customers:
    upsert:
      key: [email]
      update: [apiKey]
`,
  },
  check({ useCase, findTable }, report) {
    for (const { table: named, upsert } of useCase.writes) {
      const table = findTable(named.name);
      if (table === undefined || upsert === undefined || upsert.key.some(({ name }) => findColumn(table, name) === undefined)) continue;
      const wanted = new Set(upsert.key.map(({ name }) => name));
      const keys = [table.primaryKey, ...table.uniques.filter(({ partial }) => !partial).map(({ columns }) => columns)].filter(
        ({ length }) => length > 0,
      );
      if (keys.some((key) => key.length === wanted.size && key.every((column) => wanted.has(column)))) continue;
      const list = keys.map((columns) => `[${columns.join(", ")}]`).join(", ");
      report({
        at: { path: [...upsert.path, "key"] },
        message: `No unique index of ${table.name} is over exactly ${[...wanted].join(" + ")}.`,
        help: list === "" ? `Give ${table.name} a unique index.` : `Unique are ${list}.`,
      });
    }
  },
};
