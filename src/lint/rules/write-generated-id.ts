import { findColumn } from "../../spec/find-table.js";
import type { Rule } from "../rule.js";

export const writeGeneratedId: Rule = {
  id: "write/generated-id",
  severity: "error",
  required: true,
  subject: "use case",
  summary: "an insert into a table whose key the database makes",
  why: "A handler decides without the database, so it must know the key of a new row: for its children, the result, the events and the audit.",
  bad: { spec: "writes:\n  journal: [insert]  # found here\n" },
  good: { spec: "writes:\n  orderLines: [insert]\n" },
  check({ useCase, findTable }, report) {
    for (const write of useCase.writes) {
      const table = findTable(write.table.name);
      if (table === undefined || !(write.insert || write.upsert)) continue;
      for (const key of table.primaryKey) {
        const generated = findColumn(table, key)?.generated;
        if (generated === undefined || generated === "expression") continue;
        const taken = useCase.loads.some((load) => load.kind === "sequence" && load.sequence === `${table.name}.${key}`);
        if (taken) continue;
        report({
          at: write,
          on: "key",
          message: `The database makes the key ${table.name}.${key} (${generated}), so that nobody knows it before the insert.`,
          help: `Load it first: \`state: { id: { sequence: ${table.name}.${key} } }\`. Or use a uuid, which the runtime gives.`,
        });
      }
    }
  },
};
