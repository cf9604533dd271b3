import type { Name, Write } from "../../spec/model.js";
import type { UseCaseContext } from "../context.js";
import type { Gathered } from "../rule.js";
import { tableLoads } from "../table-loads.js";
import type { LockPlace } from "./lock-step.js";
import { excludesItself } from "./row-lock.js";
import { updatedColumns } from "./updated-columns.js";

/** What a use case does to the rows of a table, and under which protection. */
export type TableChange = Change & {
  readonly table: string;
  /** `inserts into bookings` */
  readonly does: string;
  readonly at: LockPlace;
};

type Change =
  | { readonly kind: "insert" }
  | { readonly kind: "delete" }
  | { readonly kind: "update"; readonly columns: readonly string[] | "any" };

/** What keeps other calls from what a use case reads and writes. */
export interface Protection {
  readonly isSerializable: boolean;
  readonly takesAdvisoryLock: boolean;
  /** The tables of which it locks rows, so that no other call has them. */
  readonly locks: readonly string[];
  readonly inserts: readonly string[];
}

/** A use case's change of a table's rows, among those of others. */
export type RowWriter = TableChange & { readonly useCase: string; readonly file: string; readonly protection: Protection };

/** The changes of each table, by all use cases. */
export function tableChanges(
  facts: readonly Gathered<{ readonly changes: readonly TableChange[]; readonly protection: Protection }>[],
): ReadonlyMap<string, readonly RowWriter[]> {
  const tables = new Map<string, RowWriter[]>();
  for (const { file, name, fact } of facts)
    for (const change of fact.changes) {
      const writers = tables.get(change.table) ?? [];
      tables.set(change.table, writers);
      writers.push({ ...change, useCase: name, file, protection: fact.protection });
    }
  return tables;
}

/** The changes that one use case makes. */
export function changesOf(context: UseCaseContext): readonly TableChange[] {
  const found: TableChange[] = [];
  const add = (table: string, does: string, at: Write | Name, change: Change) =>
    found.push({ ...change, table, does: `${does} ${table}`, at: { path: at.path, file: at.file ?? context.file } });
  for (const write of context.useCase.writes) {
    const { name } = write.table;
    const columns = write.update === "any" ? "any" : updatedColumns(write).map((column) => column.name);
    if (write.insert || write.upsert !== undefined) add(name, "inserts into", write, { kind: "insert" });
    if (write.delete !== undefined) add(name, "deletes rows of", write, { kind: "delete" });
    if (columns.length > 0) add(name, "changes rows of", write, { kind: "update", columns });
  }
  for (const { load, machine, event } of context.useCase.transitions) {
    const found = context.findLoad(load.name);
    const field = context.findMachine(machine.name)?.field.name;
    if (found?.kind !== "table" || field === undefined) continue;
    add(found.table.name, `takes ${event.name} on rows of`, load, { kind: "update", columns: [field] });
  }
  return found;
}

export function protectionOf({ useCase }: UseCaseContext): Protection {
  const { transaction, loads, writes } = useCase;
  const locked = tableLoads(useCase).filter(({ lock }) => excludesItself(lock));
  return {
    isSerializable: transaction.isolation === "serializable",
    takesAdvisoryLock: loads.some(({ kind }) => kind === "advisoryLock"),
    locks: [...new Set(locked.map(({ table }) => table.name))].sort(),
    inserts: [...new Set(writes.filter(({ insert }) => insert).map(({ table }) => table.name))].sort(),
  };
}
