import type { Table, Write } from "../../spec/model.js";
import { findColumn } from "../context.js";
import type { MigrationConstraint } from "../migration-constraints.js";
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
    const named = new Set(useCase.errors.flatMap(({ constraints }) => constraints.map(({ name }) => name)));
    const upserted = new Set<string>();
    for (const write of useCase.writes) {
      const table = findTable(write.table.name);
      if (table === undefined || table.kind === "view") continue;
      const written = writtenColumns(write, table);
      if (write.upsert !== undefined) upserted.add([...write.upsert.key.map(({ name }) => name)].sort().join());
      const open = constraintsOf(table, migrationConstraints()).filter(
        ({ name, columns }) =>
          !named.has(name) && !upserted.has([...columns].sort().join()) && columns.some((column) => written.has(column)),
      );
      const [first] = open;
      if (first === undefined) continue;
      const list = open.map(({ name }) => name).join(", ");
      yield {
        at: write,
        on: "key",
        message: `No error says what a violation of ${list} means.`,
        help: `Declare one, for example \`${exampleName(first)}: { kind: conflict, constraint: ${first.name} }\`.`,
      };
    }
  },
};

interface Constraint {
  readonly name: string;
  readonly kind: "unique" | "check" | "exclude";
  readonly columns: readonly string[];
}

function constraintsOf(table: Table, migrated: readonly MigrationConstraint[]): readonly Constraint[] {
  const known: readonly Constraint[] = [
    ...table.uniques.map(({ name, columns }) => ({ name, kind: "unique" as const, columns })),
    ...table.checks.map(({ name, columns }) => ({ name, kind: "check" as const, columns: columns ?? [] })),
    ...givenKey(table),
  ];
  const property = (sqlName: string) => table.columns.find((column) => column.sqlName === sqlName)?.name;
  const exclusions = migrated.flatMap(({ name, table: of, kind, mentions }): Constraint[] =>
    of === table.sqlName && kind === "exclude" ? [{ name, kind, columns: [...mentions].flatMap((found) => property(found) ?? []) }] : [],
  );
  return [...known, ...exclusions];
}

/** A key that means something (a SKU, a pair of ids) may be there already; one that the runtime gives cannot. */
function givenKey(table: Table): readonly Constraint[] {
  const [only, ...more] = table.primaryKey;
  const column = only === undefined ? undefined : findColumn(table, only);
  if (column === undefined || table.primaryKeyName === undefined) return [];
  const isGiven = more.length === 0 && (column.sqlType === "uuid" || column.generated !== undefined || column.hasDefault);
  return isGiven ? [] : [{ name: table.primaryKeyName, kind: "unique", columns: table.primaryKey }];
}

/** What a write may set: every column of a new row. */
function writtenColumns({ insert, update, increment, upsert }: Write, table: Table): ReadonlySet<string> {
  if (insert || upsert !== undefined) return new Set(table.columns.map(({ name }) => name));
  const changeable = table.columns.map(({ name }) => name).filter((name) => !table.primaryKey.includes(name));
  return new Set([
    ...(update === "any" ? changeable : (update ?? []).map(({ name }) => name)),
    ...(increment ?? []).map(({ name }) => name),
  ]);
}

function exampleName({ kind, columns }: Constraint): string {
  const [column = "value"] = columns.slice(-1);
  const subject = column.charAt(0).toUpperCase() + column.slice(1);
  return { unique: `${subject}Taken`, check: `${subject}Refused`, exclude: `${subject}Overlaps` }[kind];
}
