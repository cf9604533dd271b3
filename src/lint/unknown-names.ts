import type { Name, Table } from "../spec/model.js";
import { nearest } from "../spec/suggest.js";
import type { ProjectContext } from "./context.js";
import type { OnReport, Report } from "./rule.js";

/** A table that the schema does not have; nothing while the schema could not be read. */
export function reportUnknownTable(
  name: Name,
  file: string,
  { project }: Pick<ProjectContext, "project">,
  report: OnReport,
  on: "key" | "value" = "value",
): void {
  if (project.schema === undefined) return;
  report({
    at: { file: name.file ?? file, path: name.path },
    on,
    message: `Table "${name.name}" is not in ${project.config.schema.join(", ")}.`,
    suggestions: nearest(
      name.name,
      project.schema.tables.map((table) => table.name),
    ),
  });
}

/** A column that its table does not have. */
export function unknownColumn(name: Name, table: Table, file: string): Report {
  return {
    at: { file: name.file ?? file, path: name.path },
    message: `Table ${table.name} has no column "${name.name}".`,
    suggestions: nearest(
      name.name,
      table.columns.map((column) => column.name),
    ),
  };
}

/** A name that none of those known is. */
export function unknownName(kind: "error" | "load" | "table" | "column", name: Name, file: string, known: readonly string[]): Report {
  return {
    at: { file: name.file ?? file, path: name.path },
    message: `There is no ${kind} "${name.name}".`,
    suggestions: nearest(name.name, known),
  };
}
