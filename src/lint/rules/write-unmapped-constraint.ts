import type { Table, Write } from "../../spec/model.js";
import { constraintError, constraintsOf } from "../refusing-constraints.js";
import type { Rule } from "../rule.js";

export const writeUnmappedConstraint: Rule = {
  id: "write/unmapped-constraint",
  severity: "warning",
  subject: "use case",
  summary: "a unique, check or exclusion constraint on written columns that no error names",
  why: "When the database refuses the write, callers get ConstraintViolation, which says nothing to them: a refusal that can be foreseen is one of the declared errors.",
  bad: { spec: "writes:\n  customers: { update: [email] }  # found here\n" },
  good: {
    spec: `
writes:
  customers: { update: [email] }
errors:
  EmailTaken: { kind: conflict, constraint: customers_email_unique }
`,
  },
  *check({ useCase, findTable, migrationConstraints }) {
    if (useCase.writes.length === 0) return;
    const named = new Set(useCase.errors.flatMap(({ constraints }) => constraints.map(({ name }) => name)));
    const upserted = new Set<string>();
    for (const write of useCase.writes) {
      const table = findTable(write.table.name);
      if (table === undefined || table.kind === "view") continue;
      if (write.upsert !== undefined) upserted.add([...write.upsert.key.map(({ name }) => name)].sort().join());
      const unnamed = constraintsOf(table, migrationConstraints()).filter(({ name }) => !named.has(name));
      if (unnamed.length === 0) continue;
      const written = writtenColumns(write, table);
      const open = unnamed.filter(
        ({ columns }) => !upserted.has([...columns].sort().join()) && columns.some((column) => written.has(column)),
      );
      const [first] = open;
      if (first === undefined) continue;
      const list = open.map(({ name }) => name).join(", ");
      yield {
        at: write,
        on: "key",
        message: `No error says what a violation of ${list} means.`,
        help: `Declare one, for example \`${constraintError(first)}: { kind: conflict, constraint: ${first.name} }\`.`,
      };
    }
  },
};

/** What a write may set: every column of a new row. */
function writtenColumns({ insert, update, increment, upsert }: Write, table: Table): ReadonlySet<string> {
  if (insert || upsert !== undefined) return new Set(table.columns.map(({ name }) => name));
  const changeable = table.columns.map(({ name }) => name).filter((name) => !table.primaryKey.includes(name));
  return new Set([
    ...(update === "any" ? changeable : (update ?? []).map(({ name }) => name)),
    ...(increment ?? []).map(({ name }) => name),
  ]);
}
