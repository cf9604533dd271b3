// Write skew: two calls decide on rows that the other one is about to change, both find that they may, and together they
// break what each has made sure of.
import type { Gathered } from "../rule.js";
import type { Decision, DecisionFacts } from "./decisions.js";
import { changesOfTables, type Protection, type RowWriter, type TableChange } from "./table-changes.js";

/** A decision that nothing protects. */
export interface UnprotectedDecision extends Decision {
  readonly useCase: string;
  /** What may change the rows meanwhile. */
  readonly writers: readonly RowWriter[];
}

/** The decisions of all use cases that nothing protects, one for each load. */
export function* unprotectedDecisions(facts: readonly Gathered<DecisionFacts>[]): Iterable<UnprotectedDecision> {
  const decided = new Set(facts.flatMap(({ fact }) => fact.decisions.map(({ table }) => table)));
  const changes = changesOfTables(decided, facts);
  for (const { file, name, fact } of facts) {
    const told = new Set<string>();
    for (const decision of fact.decisions) {
      if (told.has(decision.load)) continue;
      const dangers = (changes.get(decision.table) ?? []).filter((writer) => isDanger(writer.change, decision));
      // The row that the use case itself writes is what `lock/write-without-lock` is about; and its own calls meet at the parent.
      const isOwnMatter = ({ change: { kind } }: RowWriter) => decision.parents.length > 0 || (kind === "update" && decision.known);
      const writers = dangers.filter(
        (writer) => !isProtected(writer, decision, fact.protection) && (writer.file !== file || !isOwnMatter(writer)),
      );
      if (writers.length === 0) continue;
      told.add(decision.load);
      yield { ...decision, useCase: name, writers };
    }
  }
}

/** Whether a change by another call could make the decision wrong. */
function isDanger(change: TableChange, { known, lock, filter, fields, cardinality, inserts }: Decision): boolean {
  // Rows that are locked stay as they are; but a lock cannot keep new ones out.
  const locked = lock !== "none";
  // That a row is not there is decided upon by whoever then inserts it; for others its coming makes no difference.
  if (change.kind === "insert") return !known || (cardinality === "optional" && inserts);
  if (change.kind === "delete") return !locked;
  if (locked && known) return false;
  if (change.columns === "any") return true;
  return change.columns.some((column) => filter.includes(column) || (!locked && (fields === undefined || fields.includes(column))));
}

/** Whether the writers have to wait until the decision is carried out: they lock a parent, or something that stands for it. */
function isProtected({ change: { kind }, protection }: RowWriter, { parents }: Decision, own: Protection): boolean {
  if (protection.isSerializable && own.isSerializable) return true;
  if (protection.takesAdvisoryLock && own.takesAdvisoryLock) return true;
  return parents.some(({ table, holdsInserts }) => {
    if (protection.locks.includes(table)) return true;
    if (kind !== "insert") return false;
    // Children of a parent that is new itself are nobody else's; and an insert waits by its foreign key for whoever has the parent locked.
    return protection.inserts.includes(table) || holdsInserts;
  });
}
