import type { Name, Write } from "../../spec/model.js";
import type { UseCaseContext } from "../context.js";
import { tableLoads } from "../table-loads.js";
import type { LockPlace } from "./lock-step.js";
import { excludesItself } from "./row-lock.js";
import { updatedColumns } from "./updated-columns.js";

/** A use case's change of a table's rows. */
export interface RowWriter {
  readonly context: UseCaseContext;
  /** `inserts into bookings` */
  readonly does: string;
  readonly at: LockPlace;
}

/** What all use cases do to a table that do the same under the same protection. */
export type TableChange = (
  | { readonly kind: "insert" }
  | { readonly kind: "delete" }
  | { readonly kind: "update"; readonly columns: readonly string[] | "any" }
) & {
  readonly writers: readonly RowWriter[];
  readonly isSerializable: boolean;
  readonly takesAdvisoryLock: boolean;
  /** The tables of which they lock rows, so that no other call has them. */
  readonly locks: ReadonlySet<string>;
  readonly inserts: ReadonlySet<string>;
};

export type TableChanges = ReadonlyMap<string, readonly TableChange[]>;

/** The changes of each table, by all use cases. */
export function tableChanges(useCases: readonly UseCaseContext[]): TableChanges {
  const tables = new Map<string, Map<string, TableChange & { readonly writers: RowWriter[] }>>();
  for (const context of useCases) {
    const protection = protectionOf(context);
    const add = (
      table: string,
      does: string,
      at: Write | Name,
      change: { kind: "insert" | "delete" } | { kind: "update"; columns: readonly string[] | "any" },
    ) => {
      const alike = tables.get(table) ?? new Map();
      tables.set(table, alike);
      const key = JSON.stringify([
        change,
        protection.isSerializable,
        protection.takesAdvisoryLock,
        [...protection.locks],
        [...protection.inserts],
      ]);
      const known = alike.get(key) ?? { ...change, ...protection, writers: [] };
      alike.set(key, known);
      known.writers.push({ context, does: `${does} ${table}`, at: { path: at.path, file: at.file ?? context.file } });
    };
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
  }
  return new Map([...tables].map(([table, alike]) => [table, [...alike.values()]]));
}

function protectionOf({ useCase }: UseCaseContext) {
  const { transaction, loads, writes } = useCase;
  const locked = tableLoads(useCase).filter(({ lock }) => excludesItself(lock));
  return {
    isSerializable: transaction.isolation === "serializable",
    takesAdvisoryLock: loads.some(({ kind }) => kind === "advisoryLock"),
    locks: new Set(locked.map(({ table }) => table.name).sort()),
    inserts: new Set(
      writes
        .filter(({ insert }) => insert)
        .map(({ table }) => table.name)
        .sort(),
    ),
  };
}
