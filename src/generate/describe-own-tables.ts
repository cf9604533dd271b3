import { is, SQL } from "drizzle-orm";
import { getTableConfig, IndexedColumn, PgDialect } from "drizzle-orm/pg-core";
import { usecaseTables } from "../runtime/tables.js";
import { drizzleKit, noSnapshot, type Snapshot } from "./drizzle-kit.js";

/** Our tables in an empty database, as drizzle-kit sees them. */
export interface OwnTables {
  /** All that decides how they look, as text. */
  readonly description: string;
  /** Of the database without them; the ids of both are `noSnapshot`. */
  readonly empty: Snapshot;
  readonly snapshot: Snapshot;
  /** What creates them. */
  readonly statements: readonly string[];
}

/** @param schema the Postgres schema that they are in; undefined: where the search path leads */
export async function describeOwnTables(schema: string | undefined): Promise<OwnTables> {
  const { generateDrizzleJson, generateMigration } = await drizzleKit();
  const snapshotOf = (tables: Record<string, unknown>) => ({ ...generateDrizzleJson(tables, noSnapshot), id: noSnapshot });
  const [empty, snapshot] = [snapshotOf({}), snapshotOf({ ...usecaseTables(schema) })];
  return { description: descriptionOf(schema), empty, snapshot, statements: await generateMigration(empty, snapshot) };
}

function descriptionOf(inSchema: string | undefined): string {
  const dialect = new PgDialect();
  const text = (value: unknown) => (is(value, SQL) ? dialect.sqlToQuery(value).sql : value);
  const tables = Object.values(usecaseTables(inSchema)).map((table) => {
    const { name, schema, columns, indexes, primaryKeys } = getTableConfig(table);
    return {
      name,
      schema,
      columns: columns.map((each) => [
        each.name,
        each.getSQLType(),
        each.primary,
        each.notNull,
        text(each.default),
        each.generatedIdentity?.sequenceOptions,
      ]),
      indexes: indexes.map(({ config }) => [
        config.name,
        config.unique,
        config.columns.map((column) => (is(column, IndexedColumn) ? column.name : text(column))),
        text(config.where),
      ]),
      primaryKeys: primaryKeys.map((key) => [key.getName(), key.columns.map((column) => column.name)]),
    };
  });
  return JSON.stringify(tables);
}
