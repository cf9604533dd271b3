import { findColumn } from "../context.js";
import type { Rule } from "../rule.js";
import { unknownColumn, unknownName } from "../unknown-names.js";

export const configUnknownReference: Rule = {
  id: "config/unknown-reference",
  severity: "error",
  required: true,
  subject: "project",
  summary: "a table or column in the configuration that the schema does not have",
  why: "What the configuration promises for a table (its place in the lock order, that a column is secret) would silently hold for none.",
  bad: { files: { "usecase.config.yaml": "schema: schema.ts\nsecretColumns: { customers: [apikey] }  # found here\n" } },
  good: { files: { "usecase.config.yaml": "schema: schema.ts\nsecretColumns: { customers: [apiKey] }\n" } },
  *check({ project, file, findTable }) {
    const { schema, config } = project;
    if (schema === undefined) return;
    const tables = schema.tables.map(({ name }) => name);
    for (const [index, name] of config.lockOrder.entries())
      if (findTable(name) === undefined) yield unknownName("table", { name, path: ["lockOrder", index] }, file, tables);
    for (const [name, columns] of Object.entries(config.secretColumns)) {
      const table = findTable(name);
      if (table === undefined) yield { ...unknownName("table", { name, path: ["secretColumns", name] }, file, tables), on: "key" };
      else
        for (const [index, column] of columns.entries())
          if (findColumn(table, column) === undefined)
            yield unknownColumn({ name: column, path: ["secretColumns", name, index] }, table, file);
    }
    for (const name of Object.keys(config.rows))
      if (findTable(name) === undefined) yield { ...unknownName("table", { name, path: ["rows", name] }, file, tables), on: "key" };
    const tenant = config.tenant?.column;
    const columns = schema.tables.flatMap((table) => table.columns.map(({ name }) => name));
    if (tenant !== undefined && !columns.includes(tenant))
      yield unknownName("column", { name: tenant, path: ["tenant", "column"] }, file, columns);
  },
};
