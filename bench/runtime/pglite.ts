import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";
import { seedBalances } from "./workload.js";

/** A new one, in memory, with the example's tables and stock. */
export async function openPglite(): Promise<PGlite> {
  const client = new PGlite();
  const db = drizzle(client);
  await migrate(db, { migrationsFolder: new URL("../../generated-example/drizzle", import.meta.url).pathname });
  await seedBalances(db);
  // What is empty is left as the server takes it: plans made for a table known to be empty read all of it later.
  await client.exec("analyze inventory_balances");
  return client;
}
