import { findColumn } from "../spec/find-table.js";
import type { Table } from "../spec/model.js";
import { pascalCase } from "../spec/names.js";
import { oncePer } from "../spec/once-per.js";
import type { MigrationConstraint } from "./migration-constraints.js";

/** A constraint by which the database may refuse a value that it is given. */
export interface Constraint {
  readonly name: string;
  readonly kind: "unique" | "check" | "exclude";
  readonly columns: readonly string[];
}

/** Those of a table; exclusion constraints are in the migrations alone. */
export function constraintsOf(table: Table, migrated: readonly MigrationConstraint[]): readonly Constraint[] {
  const own = ownConstraints(table);
  if (migrated.length === 0) return own;
  const property = (sqlName: string) => table.columns.find((column) => column.sqlName === sqlName)?.name;
  const exclusions = migrated.flatMap(({ name, table: of, kind, mentions }): Constraint[] =>
    of === table.sqlName && kind === "exclude" ? [{ name, kind, columns: [...mentions].flatMap((found) => property(found) ?? []) }] : [],
  );
  return [...own, ...exclusions];
}

/** Those of the schema: found once for each table, because every write asks. */
const ownConstraints = oncePer((table: Table): readonly Constraint[] => [
  ...table.uniques.map(({ name, columns }) => ({ name, kind: "unique" as const, columns })),
  ...table.checks.map(({ name, columns }) => ({ name, kind: "check" as const, columns: columns ?? [] })),
  ...givenKey(table),
]);

/** A key that means something (a SKU, a pair of ids) may be there already; one that the runtime gives cannot. */
function givenKey(table: Table): readonly Constraint[] {
  const [only, ...more] = table.primaryKey;
  const column = only === undefined ? undefined : findColumn(table, only);
  if (column === undefined || table.primaryKeyName === undefined) return [];
  const isGiven = more.length === 0 && (column.sqlType === "uuid" || column.generated !== undefined || column.hasDefault);
  return isGiven ? [] : [{ name: table.primaryKeyName, kind: "unique", columns: table.primaryKey }];
}

/** A name for the error that a constraint means: `OrderNumberTaken`. */
export function constraintError({ kind, columns }: Constraint): string {
  const [column = "value"] = columns.slice(-1);
  return pascalCase(column) + { unique: "Taken", check: "Refused", exclude: "Overlaps" }[kind];
}
