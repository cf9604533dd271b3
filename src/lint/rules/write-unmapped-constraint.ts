import type { Name, Table, Write } from "../../spec/model.js";
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
  check({ useCase, findTable, migrationConstraints }, report) {
    if (useCase.writes.length === 0) return;
    const isNamed = (wanted: string) => useCase.errors.some(({ constraints }) => constraints.some(({ name }) => name === wanted));
    const upserted = new Set<string>();
    for (const write of useCase.writes) {
      const table = findTable(write.table.name);
      if (table === undefined || table.kind === "view") continue;
      if (write.upsert !== undefined) upserted.add([...write.upsert.key.map(({ name }) => name)].sort().join());
      const unnamed = constraintsOf(table, migrationConstraints()).filter(({ name }) => !isNamed(name));
      const open = unnamed.filter(
        ({ columns }) => columns.some((column) => maySet(column, write, table)) && !upserted.has([...columns].sort().join()),
      );
      const [first] = open;
      if (first === undefined) continue;
      const list = open.map(({ name }) => name).join(", ");
      report({
        at: write,
        on: "key",
        message: `No error says what a violation of ${list} means.`,
        help: `Declare one, for example \`${constraintError(first)}: { kind: conflict, constraint: ${first.name} }\`.`,
      });
    }
  },
};

/** Whether a write may set a column: every one of a new row. */
function maySet(column: string, { insert, update, increment, upsert }: Write, { primaryKey }: Table): boolean {
  if (insert || upsert !== undefined) return true;
  const isNamed = ({ name }: Name) => name === column;
  const updates = update === "any" ? !primaryKey.includes(column) : update?.some(isNamed) === true;
  return updates || increment?.some(isNamed) === true;
}
