import { findColumn } from "../../spec/find-table.js";
import type { Column, Config, Name, Table } from "../../spec/model.js";
import { nearest } from "../../spec/suggest.js";
import { allConditions } from "../conditions.js";
import type { Report, Rule } from "../rule.js";

export const writeUnknownColumn: Rule = {
  id: "write/unknown-column",
  severity: "error",
  required: true,
  local: true,
  subject: "use case",
  summary: "a column to write that the table does not have, or that nothing may change",
  why: "A handler may change the columns that its spec names. Keys, the tenant and columns that the database computes never change.",
  bad: { spec: "writes:\n  orders: { update: [shipedAt] }  # found here\n" },
  good: { spec: "writes:\n  orders: { update: [shippedAt] }\n" },
  check({ project, useCase, findTable }, report) {
    for (const write of useCase.writes) {
      const table = findTable(write.table.name);
      if (table === undefined) continue;
      const changed = [
        ...(Array.isArray(write.update) ? (write.update as readonly Name[]) : []),
        ...(write.increment ?? []),
        ...(write.upsert?.update ?? []),
      ];
      for (const name of changed) {
        const problem = changeProblem(name, table, project.config);
        if (problem !== undefined) report(problem);
      }
      for (const { column } of typeof write.delete === "object" ? allConditions(write.delete) : [])
        if (findColumn(table, column.name) === undefined) report({ ...unknown(column, table), on: "key" });
      for (const name of write.upsert?.key ?? []) if (findColumn(table, name.name) === undefined) report(unknown(name, table));
    }
  },
};

function changeProblem(name: Name, table: Table, { tenant, version }: Config): Report | undefined {
  const column = findColumn(table, name.name);
  if (column === undefined) return unknown(name, table);
  const why = whyFixed(column, table, tenant?.column, version?.column);
  return why === undefined ? undefined : { at: name, message: `Column ${table.name}.${column.name} is ${why}.` };
}

function whyFixed(
  { name, generated }: Column,
  { primaryKey }: Table,
  tenant: string | undefined,
  version: string | undefined,
): string | undefined {
  if (primaryKey.includes(name)) return "the primary key, which never changes";
  if (name === tenant) return "the tenant, which never changes";
  if (name === version) return "the version, which the runtime raises";
  return generated === "expression" || generated === "identity always" ? "computed by the database" : undefined;
}

function unknown(name: Name, table: Table): Report {
  return {
    at: name,
    message: `Table ${table.name} has no column "${name.name}".`,
    suggestions: nearest(
      name.name,
      table.columns.map((column) => column.name),
    ),
  };
}
