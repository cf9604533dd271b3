import type { Located } from "../../spec/model.js";
import type { UseCaseContext } from "../context.js";
import type { Gathered } from "../rule.js";
import { tableLoads } from "../table-loads.js";
import { excludesItself } from "./row-lock.js";
import { updatedColumns } from "./updated-columns.js";

/** What a use case does to the rows of a table, and under which protection. */
export type TableChange = Change & {
  readonly table: string;
  /** Before the table's name: `inserts into`. */
  readonly does: string;
  readonly at: Located;
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
export interface RowWriter {
  readonly change: TableChange;
  readonly useCase: string;
  readonly file: string;
  readonly protection: Protection;
}

/** The changes of each of these tables, by all use cases. */
export function changesOfTables(
  tables: ReadonlySet<string>,
  facts: readonly Gathered<{ readonly changes: readonly TableChange[]; readonly protection: Protection }>[],
): ReadonlyMap<string, readonly RowWriter[]> {
  const found = new Map<string, RowWriter[]>([...tables].map((table) => [table, []]));
  for (const { file, name, fact } of facts)
    for (const change of fact.changes) found.get(change.table)?.push({ change, useCase: name, file, protection: fact.protection });
  return found;
}

/** The changes that one use case makes. */
export function changesOf(context: UseCaseContext): readonly TableChange[] {
  const found: TableChange[] = [];
  for (const write of context.useCase.writes) {
    const table = write.table.name;
    const at = placeOf(write);
    const columns = write.update === "any" ? "any" : updatedColumns(write).map(({ name }) => name);
    if (write.insert || write.upsert !== undefined) found.push({ kind: "insert", table, does: "inserts into", at });
    if (write.delete !== undefined) found.push({ kind: "delete", table, does: "deletes rows of", at });
    if (columns.length > 0) found.push({ kind: "update", columns, table, does: "changes rows of", at });
  }
  for (const { load, machine, event } of context.useCase.transitions) {
    const loaded = context.findLoad(load.name);
    const field = context.findMachine(machine.name)?.field.name;
    if (loaded?.kind !== "table" || field === undefined) continue;
    const does = `takes ${event.name} on rows of`;
    found.push({ kind: "update", columns: [field], table: loaded.table.name, does, at: placeOf(load) });
  }
  return found;
}

const placeOf = ({ path, file }: Located): Located => (file === undefined ? { path } : { path, file });

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
