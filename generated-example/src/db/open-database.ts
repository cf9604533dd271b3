import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { migrate as migratePglite } from "drizzle-orm/pglite/migrator";
import { drizzle as drizzlePostgres } from "drizzle-orm/postgres-js";
import { migrate as migratePostgres } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import type { Driver } from "usecasecore";
import { pglite } from "usecasecore/drivers/pglite";
import { postgresJs } from "usecasecore/drivers/postgres-js";

const migrationsFolder = fileURLToPath(new URL("../../drizzle", import.meta.url));

/** Drizzle for seeding and looking; the driver for use cases. */
export interface Database {
  readonly name: string;
  readonly db: ReturnType<typeof drizzlePglite> | ReturnType<typeof drizzlePostgres>;
  readonly driver: Driver;
  close(): Promise<void>;
}

/** A migrated database: the server at `url`, or PGlite in memory. */
export async function openDatabase(url: string | undefined): Promise<Database> {
  if (url === undefined) {
    const client = new PGlite();
    const db = drizzlePglite(client);
    await migratePglite(db, { migrationsFolder });
    return { name: "PGlite, in memory", db, driver: pglite(client), close: () => client.close() };
  }
  const sql = postgres(url, { onnotice: () => {} });
  const db = drizzlePostgres(sql);
  await migratePostgres(db, { migrationsFolder });
  const driver = postgresJs(postgres(url));
  const close = async () => {
    await driver.close();
    await sql.end();
  };
  return { name: new URL(url).host, db, driver, close };
}
