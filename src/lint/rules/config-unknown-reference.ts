import { findColumn } from "../../spec/find-table.js";
import type { ProjectContext } from "../context.js";
import type { OnReport, Rule } from "../rule.js";
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
  check(context, report) {
    const { project, file, findTable } = context;
    const { schema, config } = project;
    if (schema === undefined) return;
    const tables = schema.tables.map(({ name }) => name);
    for (const [index, name] of config.lockOrder.entries())
      if (findTable(name) === undefined) report(unknownName("table", { name, path: ["lockOrder", index] }, file, tables));
    for (const [name, columns] of Object.entries(config.secretColumns)) {
      const table = findTable(name);
      if (table === undefined) report({ ...unknownName("table", { name, path: ["secretColumns", name] }, file, tables), on: "key" });
      else
        for (const [index, column] of columns.entries())
          if (findColumn(table, column) === undefined)
            report(unknownColumn({ name: column, path: ["secretColumns", name, index] }, table, file));
    }
    for (const name of Object.keys(config.rows))
      if (findTable(name) === undefined) report({ ...unknownName("table", { name, path: ["rows", name] }, file, tables), on: "key" });
    checkVersion(context, report);
    const tenant = config.tenant?.column;
    const columns = schema.tables.flatMap((table) => table.columns.map(({ name }) => name));
    if (tenant !== undefined && !columns.includes(tenant))
      report(unknownName("column", { name: tenant, path: ["tenant", "column"] }, file, columns));
  },
};

/** Changes are counted in whole numbers that are always there. */
function checkVersion({ project: { schema, config }, file }: ProjectContext, report: OnReport): void {
  const { version } = config;
  if (version === undefined || schema === undefined) return;
  const path = ["version", "column"];
  const found = schema.tables.flatMap((table) =>
    table.columns.filter(({ name }) => name === version.column).map((column) => ({ table, column })),
  );
  if (found.length === 0) {
    const columns = schema.tables.flatMap((table) => table.columns.map(({ name }) => name));
    report(unknownName("column", { name: version.column, path }, file, columns));
  }
  for (const { table, column } of found) {
    if (column.notNull && column.generated === undefined && /^(?:smallint|integer|bigint)$/.test(column.sqlType)) continue;
    const what = column.generated !== undefined ? "computed by the database" : column.notNull ? column.sqlType : "nullable";
    report({
      at: { file, path },
      message: `Column ${table.name}.${column.name} is ${what}: a version must be a whole number that is not null.`,
    });
  }
}
