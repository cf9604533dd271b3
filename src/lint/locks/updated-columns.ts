import type { Name, Write } from "../../spec/model.js";

/** The columns that a write lists as its to change; without those that a bare `update` lets a handler choose. */
export function updatedColumns({ update, increment, upsert }: Write): readonly Name[] {
  const listed = update === undefined || update === "any" ? [] : update;
  return increment === undefined && upsert === undefined ? listed : [...listed, ...(increment ?? []), ...(upsert?.update ?? [])];
}
