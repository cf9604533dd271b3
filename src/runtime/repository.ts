// Types of one table's rows, for generated repositories. The generic parameter is the table only in `extends` clauses
// (`typeof inventoryBalances` prints as pages of text); everywhere else it is the row's own interface, which prints as its name.
import type { PgMaterializedView, PgTable, PgView } from "drizzle-orm/pg-core";

/** Marks whose row it is. Optional, so that a test may write a row as a literal; a row of another table is refused. */
export declare const rowOf: unique symbol;

/** Any row of one table, also a projection of it. */
export interface RowOf<Table extends string> {
  readonly [rowOf]?: Table | undefined;
}

declare const wholeRow: unique symbol;

/** Some columns of a row: what a load with `columns` gives. */
export type Projection<Row extends RowOf<string>, Column extends keyof Row> = Pick<Row, Column | typeof rowOf> & {
  /** Only for the compiler. */
  readonly [wholeRow]?: Row | undefined;
};

/** What an aggregate load computes of rows. */
export type Totals<Row extends RowOf<string>, Values> = Readonly<Values> & {
  /** Only for the compiler. */
  readonly [wholeRow]?: Row | undefined;
};

/** The row that a projection or a total is of; of any other row, the row itself. */
export type WholeRow<Loaded> = typeof wholeRow extends keyof Loaded ? NonNullable<Loaded[typeof wholeRow]> : Loaded;

/** The columns of a loaded row, read-only. */
export type Columns<T extends { readonly $inferSelect: object }> = Readonly<T["$inferSelect"]>;

/** The columns of a new row, less those that the runtime gives (`Given`). */
export type NewColumns<T extends { readonly $inferInsert: object }, Given extends keyof T["$inferInsert"] = never> = Readonly<
  Omit<T["$inferInsert"], Given>
>;

/** The columns that may be changed: all but the `Fixed` ones (key, tenant, a machine's field, generated columns). */
export type Changes<Row, Fixed extends keyof Row = never> = {
  readonly [Column in Exclude<keyof Row, Fixed | typeof rowOf>]?: Row[Column];
};

/** `update` limited to the columns that a spec names. */
export interface UpdateOf<Table extends string, Changed> {
  /** Queues a change of a loaded row and returns the row as it will be. */
  update<Row extends RowOf<Table>>(row: Row, changes: Changed): Row;
}

declare const deletedRow: unique symbol;

/** Nothing for the handler to do: the rows that the spec's condition finds are deleted with every call. */
export interface DeletesOf<Row> {
  /** Only for the compiler. */
  readonly [deletedRow]?: Row | undefined;
}

/** The row whose columns the condition of such a delete names. */
export type DeletedRow<Writes> = unknown extends Writes
  ? Readonly<Record<string, unknown>>
  : typeof deletedRow extends keyof Writes
    ? NonNullable<Writes[typeof deletedRow]>
    : never;

/** `upsert` of whole rows. */
export interface UpsertOf<New> {
  /** Queues an insert; where a row with the same unique columns is there already, those that the spec names are updated instead. */
  upsert(row: New): void;
}

/** `increment` of the numeric columns that a spec names; a `numeric` that Drizzle reads as text is given as text. */
export interface IncrementOf<Row, Key extends keyof Row, Counted extends keyof Row> {
  /** Queues `column = column + amount` for the row of this key, without reading it. */
  increment(key: Pick<Row, Key>, amounts: { readonly [Column in Counted]?: NonNullable<Row[Column]> }): void;
}

/** What rows are loaded from. */
export type Relation = PgTable | PgView | PgMaterializedView;

/** What the runtime knows of a table: data, made by generated code. `Row` exists for the compiler only. */
export interface Repository<Row> extends RepositoryOptions<Row> {
  readonly table: Relation;
}

/** A repository of any table. */
export interface AnyRepository {
  readonly table: Relation;
  readonly name: string;
  readonly key: readonly string[];
  readonly tenant?: string;
  readonly version?: string;
  readonly initial?: Readonly<Record<string, unknown>>;
  readonly secret?: readonly string[];
  readonly casing?: Casing;
}

export interface RepositoryOptions<Row> {
  /** The table's export name in the Drizzle schema: what specs say. */
  readonly name: string;
  /** The primary key's columns. */
  readonly key: readonly (keyof Row & string)[];
  /** The column that the tenant convention fills on insert. */
  readonly tenant?: keyof Row & string;
  /** The column that counts a row's changes: it is raised by each, and guards those of rows that were loaded without a lock. */
  readonly version?: keyof Row & string;
  /** What a machine gives a new row: `{ status: "draft" }`. */
  readonly initial?: { readonly [Column in keyof Row]?: Row[Column] };
  /** Columns whose values never go into audit or logs. */
  readonly secret?: readonly (keyof Row & string)[];
  /** What Drizzle makes of a property's name where a column has no name of its own. */
  readonly casing?: Casing;
}

/** Drizzle's `casing`: `createdAt` is the column `created_at` under `snake_case`. */
export type Casing = "snake_case" | "camelCase";

/**
 * A table as use cases see it. Generated code calls it once per table.
 * @example const ordersRepository: Repository<Order> = repository(orders, { name: "orders", key: ["id"], tenant: "tenantId" });
 */
export function repository<Row>(table: Relation, options: NoInfer<RepositoryOptions<Row>>): Repository<Row> {
  return { table, ...options };
}
