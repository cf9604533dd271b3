// The locks that foreign keys take, at the end of the write statement: an insert locks its parents `key share`, so that
// they stay; a delete looks for children, or takes them along.
import type { DatabaseSchema, Table } from "../../spec/model.js";
import { oncePer } from "../../spec/once-per.js";
import type { UseCaseContext } from "../context.js";
import { noGates } from "./gates.js";
import type { LockPlace, LockStep } from "./lock-step.js";
import { type RowLock, waitsFor } from "./row-lock.js";
import { updatedColumns } from "./updated-columns.js";
import { loadsOf } from "./write-steps.js";

type ForeignKey = Table["foreignKeys"][number];

export function foreignKeySteps(context: UseCaseContext): readonly LockStep[] {
  const { useCase, findTable, project } = context;
  if (useCase.writes.length === 0) return [];
  const inserted = new Set(useCase.writes.filter(({ insert, upsert }) => insert || upsert !== undefined).map(({ table }) => table.name));
  const deleted = new Set(useCase.writes.filter((write) => write.delete !== undefined).map(({ table }) => table.name));
  const steps: LockStep[] = [];
  for (const write of useCase.writes) {
    const table = findTable(write.table.name);
    if (table === undefined) continue;
    const at = { path: write.path, file: write.file ?? context.file };
    const updates = (columns: readonly string[]) => updatedColumns(write).some(({ name }) => columns.includes(name));
    for (const key of table.foreignKeys) {
      if (!inserted.has(table.name) && !updates(key.columns)) continue;
      // A new row belongs to one that the use case has locked or made itself, where it has one of that table.
      if (inserted.has(key.table) || loadsOf(context, key.table).some(({ lock }) => lock !== "none")) continue;
      steps.push(step(key.table, "key share", `refers to ${key.table} from ${table.name}`, at));
    }
    if (deleted.has(table.name)) steps.push(...childSteps(table, deleted, project.schema, at));
    // A key that changes must not leave children behind.
    else
      for (const { child, key } of references(table, project.schema))
        if (updates(key.foreignColumns)) steps.push(step(child.name, "key share", searches(child, table), at));
  }
  return steps;
}

/** What the delete of a parent's row locks of its children; those that it takes along have children too. */
function childSteps(
  parent: Table,
  deleted: ReadonlySet<string>,
  schema: DatabaseSchema | undefined,
  at: LockPlace,
  above: readonly string[] = [],
): readonly LockStep[] {
  return references(parent, schema).flatMap(({ child, key }) => {
    if (deleted.has(child.name)) return [];
    const lock: RowLock = key.onDelete === "cascade" ? "update" : key.onDelete?.startsWith("set ") === true ? "no key update" : "key share";
    const does = lock === "key share" ? searches(child, parent) : `takes along rows of ${child.name}`;
    // The parent's row is locked by its delete, so its children are behind it for whoever comes through the parent too.
    const link = `${child.name}.${key.columns[0]} = ${parent.name}.${key.foreignColumns[0]}`;
    const gates = key.columns.length === 1 ? [link, ...above.map((gate) => `${link}, ${gate}`)] : [];
    const further = lock === "update" ? childSteps(child, new Set([...deleted, child.name]), schema, at, gates) : [];
    return [{ ...step(child.name, lock, does, at), gates: () => gates }, ...further];
  });
}

interface Reference {
  readonly child: Table;
  readonly key: ForeignKey;
}

/** The foreign keys that refer to a table: found once for all tables, because every write asks. */
function references(parent: Table, schema: DatabaseSchema | undefined): readonly Reference[] {
  return (schema && referencesByParent(schema).get(parent.name)) ?? [];
}

const referencesByParent = oncePer(({ tables }: DatabaseSchema) => {
  const byParent = new Map<string, Reference[]>();
  for (const child of tables)
    for (const key of child.foreignKeys) {
      const found = byParent.get(key.table) ?? [];
      byParent.set(key.table, found);
      found.push({ child, key });
    }
  return byParent;
});

const searches = (child: Table, parent: Table) => `looks for rows of ${child.name} that refer to ${parent.name}`;

function step(resource: string, lock: RowLock, does: string, at: LockPlace): LockStep {
  return { resource, lock, waitsFor: waitsFor(lock), stage: { kind: "foreign key" }, gates: noGates, loads: [], does, at };
}
