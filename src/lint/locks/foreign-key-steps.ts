// The locks that foreign keys take, at the end of the write statement: an insert locks its parents `key share`, so that
// they stay; a delete looks for children, or takes them along.
import type { Table } from "../../spec/model.js";
import type { UseCaseContext } from "../context.js";
import { noGates } from "./gates.js";
import type { LockPlace, LockStep } from "./lock-step.js";
import { type RowLock, waitsFor } from "./row-lock.js";
import { updatedColumns } from "./updated-columns.js";
import { loadsOf } from "./write-steps.js";

export function foreignKeySteps(context: UseCaseContext): readonly LockStep[] {
  const { useCase, findTable, project } = context;
  const inserted = new Set(useCase.writes.filter(({ insert, upsert }) => insert || upsert !== undefined).map(({ table }) => table.name));
  const deleted = new Set(useCase.writes.filter((write) => write.delete !== undefined).map(({ table }) => table.name));
  const steps: LockStep[] = [];
  for (const write of useCase.writes) {
    const table = findTable(write.table.name);
    if (table === undefined) continue;
    const at = { path: write.path, file: write.file ?? context.file };
    const refers = (columns: readonly string[]) =>
      inserted.has(table.name) || updatedColumns(write).some(({ name }) => columns.includes(name));
    for (const key of table.foreignKeys) {
      // A new row belongs to one that the use case has locked or made itself, where it has one of that table.
      const own = inserted.has(key.table) || loadsOf(context, key.table).some(({ lock }) => lock !== "none");
      if (own || !refers(key.columns)) continue;
      steps.push(step(key.table, "key share", `refers to ${key.table} from ${table.name}`, at));
    }
    if (!deleted.has(table.name)) continue;
    for (const child of project.schema?.tables ?? []) {
      if (deleted.has(child.name)) continue;
      for (const key of child.foreignKeys.filter((candidate) => candidate.table === table.name))
        steps.push(childStep(child, table, key, at));
    }
  }
  return steps;
}

function childStep(child: Table, parent: Table, key: Table["foreignKeys"][number], at: LockPlace): LockStep {
  const [column] = key.columns;
  const [foreign] = key.foreignColumns;
  // The parent's row is locked by its delete, so its children are behind it for whoever comes through the parent too.
  const gates = () => (key.columns.length === 1 ? [`${child.name}.${column} = ${parent.name}.${foreign}`] : []);
  const lock: RowLock = key.onDelete === "cascade" ? "update" : key.onDelete?.startsWith("set ") === true ? "no key update" : "key share";
  const does = lock === "key share" ? `looks for rows of ${child.name} that refer to ${parent.name}` : `takes along rows of ${child.name}`;
  return { ...step(child.name, lock, does, at), gates };
}

function step(resource: string, lock: RowLock, does: string, at: LockPlace): LockStep {
  return { resource, lock, waitsFor: waitsFor(lock), stage: { kind: "foreign key" }, gates: noGates, loads: [], does, at };
}
