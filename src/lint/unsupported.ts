import type { Located, UseCase } from "../spec/model.js";
import { allConditions } from "./conditions.js";

/** Something that the language has and the runtime cannot do yet. */
interface Unsupported {
  /** As the sentence "… is not supported yet" begins. */
  readonly what: string;
  readonly instead?: string;
  find(useCase: UseCase): readonly (Located | undefined)[];
}

/** Whoever teaches the runtime one of these deletes its row. */
export const unsupportedInUseCases: readonly Unsupported[] = [
  { what: "`tx`", find: (useCase) => [useCase.tx === undefined ? undefined : { path: ["tx"] }] },
  {
    what: "A `sequence` or `advisoryLock` in a query",
    instead: "A query takes neither ids nor locks: leave it out.",
    find: ({ kind, loads }) => (kind === "query" ? loads.filter((load) => load.kind !== "table") : []),
  },
  {
    what: "A `when` in the condition of a delete",
    instead: "Without the condition the delete would take more rows: write it so that it holds for none (`in` an empty list).",
    find: ({ writes }) =>
      writes.flatMap((write) => (typeof write.delete === "object" ? [...allConditions(write.delete)].map(({ when }) => when) : [])),
  },
  {
    what: "Deleting by condition beside other changes of the table's rows",
    instead: "Both might be about one row, of which one statement does only one: load the rows and delete each.",
    find: ({ writes, transitions, loads }) => {
      const moved = transitions.map(({ load }) => loads.find(({ name }) => name === load.name));
      const tables = moved.flatMap((load) => (load?.kind === "table" ? [load.table.name] : []));
      return writes.filter(
        ({ table, update, increment, upsert, delete: where }) =>
          typeof where === "object" && (update || increment || upsert || tables.includes(table.name)),
      );
    },
  },
];
