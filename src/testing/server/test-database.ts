import { randomBytes } from "node:crypto";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import pg from "pg";
import { inject } from "vitest";
import { guardStatements } from "../../runtime/guards.js";
import { usecaseTables } from "../../runtime/tables.js";
import "./global-setup.js";

export interface TestDatabase {
  readonly url: string;
  /** Also ends the connections that are still open. */
  drop(): Promise<void>;
}

/** A fresh, empty database on the run's server, or on another one; one per test file keeps files apart. */
export async function createTestDatabase(server = inject("databaseUrl")): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await runStatements(server, [`create database ${name}`]);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => dropDatabase(server, name) };
}

/** A pool says that it has ended before its connections have: killed then, they would fail where nobody listens any more. */
async function dropDatabase(server: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    for (let look = 0; look < 40; look++) {
      const { rowCount } = await client.query("select from pg_stat_activity where datname = $1", [name]);
      if (rowCount === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await client.query(`drop database ${name} with (force)`);
  } finally {
    await client.end();
  }
}

/** Creates the runtime's own tables and guards, as a migration would; in the Postgres schema of that name. */
export async function applyRuntimeTables(url: string, schema?: string): Promise<void> {
  const create = schema === undefined ? [] : [`create schema if not exists "${schema}"`];
  await runStatements(url, [...create, ...(await creation(usecaseTables(schema))), ...guardStatements(schema)]);
}

/** Creates the tables of `generated-example/src/db/schema.ts`. */
export async function applyExampleTables(url: string): Promise<void> {
  // By a name that the compiler does not follow: the example is a project of its own.
  const schema = new URL("../../../generated-example/src/db/schema.ts", import.meta.url);
  const tables: Record<string, unknown> = await import(/* @vite-ignore */ schema.href);
  await runStatements(url, await creation(tables));
}

/** Runs each statement by itself, over a connection of its own. */
export async function runStatements(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** drizzle-kit's own statements for making these tables in an empty database. */
async function creation(tables: Record<string, unknown>): Promise<readonly string[]> {
  return generateMigration(generateDrizzleJson({}), generateDrizzleJson(tables));
}
