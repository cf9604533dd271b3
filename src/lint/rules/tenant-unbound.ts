import { findColumn } from "../../spec/find-table.js";
import type { Table, TableLoad } from "../../spec/model.js";
import { allConditions } from "../conditions.js";
import type { UseCaseContext } from "../context.js";
import type { OnReport, Rule } from "../rule.js";
import { tableLoads } from "../table-loads.js";

export const tenantUnbound: Rule = {
  id: "tenant/unbound",
  severity: "warning",
  subject: "use case",
  summary: "rows of a tenant that a caller of another one could reach",
  why: "A table without the tenant's column belongs to a tenant through its parent. Found by an id of the command alone, its rows are anybody's who knows or guesses an id.",
  bad: {
    spec: `
state:
  entry:
    table: noteEntries  # found here
    where: { id: command.orderId }
    lock: no key update
writes: { noteEntries: { update: [body] } }
`,
    files: tenantFiles(),
  },
  good: {
    spec: `
state:
  note:
    table: notes
    where: { id: command.orderId }
    lock: no key update
  entries:
    table: noteEntries
    where: { noteId: note.id }
    cardinality: many
writes: { notes: { update: [body] } }
`,
    files: tenantFiles(),
  },
  check(context, report) {
    const { project, useCase, findTable } = context;
    const { tenant } = project.config;
    if (tenant === undefined) return;
    for (const load of tableLoads(useCase)) {
      const table = findTable(load.table.name);
      if (table === undefined) continue;
      if (findColumn(table, tenant.column) !== undefined) {
        if (allConditions(load.where).some(({ column }) => column.name === tenant.column))
          checkChoice(load, tenant.column, context, report);
      } else if (!load.tenantOff && !useCase.tenantOff) {
        const owner = tenantOwner(table, tenant.column, context, []);
        if (owner === undefined || isBound(load, context)) continue;
        report({
          at: load.table,
          message: `Rows of ${table.name} belong to a tenant by ${owner}, but ${load.name} is found by the command alone.`,
          help: `Load the row of ${owner} too, and find one by the other.`,
        });
      }
    }
  },
};

function tenantFiles(): Readonly<Record<string, string>> {
  return {
    "usecase.config.yaml": "schema: schema.ts\ntenant: { column: tenantId, value: actor.tenantId }\n",
    "schema.ts": `
import { index, pgEnum, pgTable, text, uuid } from "drizzle-orm/pg-core";

export const orderStatus = pgEnum("order_status", ["draft", "paid", "shipped"]);
export const orders = pgTable("orders", { id: uuid().primaryKey(), status: orderStatus().notNull() });
export const notes = pgTable("notes", { id: uuid().primaryKey(), tenantId: text("tenant_id").notNull(), body: text() });
export const noteEntries = pgTable(
  "note_entries",
  { id: uuid().primaryKey(), noteId: uuid("note_id").notNull().references(() => notes.id), body: text() },
  (table) => [index().on(table.noteId)],
);
`,
  };
}

/** The table with the tenant's column that a table's rows refer to, by however many steps. */
function tenantOwner(table: Table, column: string, context: UseCaseContext, seen: readonly string[]): string | undefined {
  for (const { table: name } of table.foreignKeys) {
    const parent = seen.includes(name) ? undefined : context.findTable(name);
    if (parent === undefined) continue;
    if (findColumn(parent, column) !== undefined) return parent.name;
    const owner = tenantOwner(parent, column, context, [...seen, name]);
    if (owner !== undefined) return owner;
  }
  return undefined;
}

/** Found by a row that is the tenant's, or by who calls; or a row of the tenant's is found by it, or the call refused. */
function isBound(load: TableLoad, context: UseCaseContext, seen: readonly string[] = []): boolean {
  const { project, findTable, findLoad, useCase } = context;
  const table = findTable(load.table.name);
  if (table === undefined || load.tenantOff || findColumn(table, project.config.tenant?.column ?? "") !== undefined) return true;
  const roots = rootsOf(load, context);
  if (roots.has("actor")) return true;
  const parents = [...roots].filter((name) => !seen.includes(name)).flatMap((name) => findLoad(name) ?? []);
  if (parents.some((parent) => parent.kind === "table" && isBound(parent, context, [...seen, load.name]))) return true;
  return tableLoads(useCase).some((other) => {
    const owner = findTable(other.table.name);
    const isTenants = owner !== undefined && findColumn(owner, project.config.tenant?.column ?? "") !== undefined && !other.tenantOff;
    return isTenants && other.cardinality === "one" && other.when === undefined && rootsOf(other, context).has(load.name);
  });
}

function rootsOf(load: TableLoad, { expressions }: UseCaseContext): ReadonlySet<string> {
  const conditions = expressions().filter(({ place }) => place.kind === "where" && place.load.name === load.name);
  return new Set(conditions.flatMap(({ checked }) => [...checked.roots]));
}

/** `tenant: none`, and the tenant is whatever the command says. */
function checkChoice(load: TableLoad, column: string, { expressions }: UseCaseContext, report: OnReport): void {
  for (const { place, expression, checked } of expressions()) {
    if (place.kind !== "where" || place.load.name !== load.name || place.condition.column.name !== column) continue;
    if (checked.roots.size === 1 && checked.roots.has("command"))
      report({
        at: expression,
        message: `The caller chooses the tenant whose ${load.table.name} are read.`,
        help: "Take it from the actor.",
      });
  }
}
