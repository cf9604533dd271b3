import type { TableLoad } from "../../spec/model.js";
import type { UseCaseContext } from "../context.js";
import { tableLoads } from "../table-loads.js";
import { updatedColumns } from "./updated-columns.js";
import { updateLock } from "./write-steps.js";

/**
 * Whether a load needs `update`: it keeps foreign keys from being checked, which is right where the row is deleted,
 * where a column of a unique key changes, and where the use case decides on the row's children, so that none may come.
 */
export function needsUpdateLock(load: TableLoad, context: UseCaseContext): boolean {
  const { useCase, findTable } = context;
  const table = load.table.name;
  const changed = useCase.writes.some((write) => {
    if (write.table.name !== table) return false;
    return write.delete !== undefined || updateLock(updatedColumns(write), table, context) === "update";
  });
  if (changed) return true;
  return tableLoads(useCase).some(
    (other) => other !== load && findTable(other.table.name)?.foreignKeys.some((key) => key.table === table) === true,
  );
}
