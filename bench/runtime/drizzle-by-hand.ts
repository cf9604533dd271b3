import { drizzle as drizzlePg } from "drizzle-orm/node-postgres";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { drizzle as drizzleJs } from "drizzle-orm/postgres-js";
import pg from "pg";
import postgres from "postgres";
import { moveByHand } from "./by-hand.js";
import type { Contender } from "./contender.js";
import { openPglite } from "./pglite.js";

export const drizzleByHand = {
  handPg: {
    name: "Drizzle by hand, pg",
    open(connectionString, max) {
      const pool = new pg.Pool({ connectionString, max });
      const db = drizzlePg(pool);
      return { run: (call) => moveByHand(db, call), close: () => pool.end() };
    },
  },
  handJs: {
    name: "Drizzle by hand, postgres.js",
    open(url, max) {
      const client = postgres(url, { max, onnotice: () => {} });
      const db = drizzleJs(client);
      return { run: (call) => moveByHand(db, call), close: () => client.end() };
    },
  },
  handPglite: {
    name: "Drizzle by hand, PGlite",
    async open() {
      const client = await openPglite();
      const db = drizzlePglite(client);
      return { run: (call) => moveByHand(db, call), close: () => client.close() };
    },
  },
} satisfies Record<string, Contender>;
