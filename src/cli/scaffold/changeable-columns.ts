import { tableRules } from "../../generate/table-rules.js";
import type { Project, Table } from "../../spec/model.js";

/** The columns that a handler may update: not the key, nor what conventions, machines and the database itself fill. */
export function changeableColumns(table: Table, project: Project): readonly string[] {
  const { fixed } = tableRules(table, project);
  return table.columns.map(({ name }) => name).filter((name) => !fixed.includes(name));
}
