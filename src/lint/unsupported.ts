import type { Located, UseCase } from "../spec/model.js";

/** Something that the language has and the runtime cannot do yet. */
interface Unsupported {
  /** As the sentence "… is not supported yet" begins. */
  readonly what: string;
  readonly instead?: string;
  find(useCase: UseCase): readonly (Located | undefined)[];
}

/** Whoever teaches the runtime one of these deletes its row. */
export const unsupportedInUseCases: readonly Unsupported[] = [
  { what: "`prepare`", instead: "A job and a second use case do the same.", find: ({ prepare }) => prepare },
  { what: "`tx`", find: (useCase) => [useCase.tx === undefined ? undefined : { path: ["tx"] }] },
  {
    what: "A `sequence` or `advisoryLock` in a query",
    instead: "A query takes neither ids nor locks: leave it out.",
    find: ({ kind, loads }) => (kind === "query" ? loads.filter((load) => load.kind !== "table") : []),
  },
  {
    what: "Deleting by condition",
    instead: "Load the rows with `cardinality: many` and give the table `delete`: the handler then deletes each row.",
    find: ({ writes }) => writes.flatMap((write) => (typeof write.delete === "object" ? [write.delete] : [])),
  },
  { what: "A trigger", find: ({ triggers }) => triggers },
];
