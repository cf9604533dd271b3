import type { Sql } from "postgres";
import type { Driver } from "../runtime/ports.js";
import { connectionPool } from "./connection-pool.js";
import { lendSession } from "./lend-session.js";
import { openConnection } from "./postgres-js-connection.js";

/**
 * Use cases over postgres.js.
 *
 * ```ts
 * const driver = postgresJs(postgres(url, { max: 10 }));
 * ```
 *
 * It reads `sql.options` and opens connections of its own, up to `max`: with postgres.js's own pool the end of a
 * connection can end the process or leave a caller waiting for ever. `sql` itself stays the caller's, untouched;
 * `close()` closes the driver's connections once they are given back. With `prepare: false` in the options nothing is
 * prepared, as poolers may need it; each statement then takes a round trip more.
 */
export function postgresJs(sql: Sql): Driver {
  const texts = new Map<string, string>();
  const pool = connectionPool(sql.options.max, () => openConnection(sql.options));
  return {
    name: "postgres.js",
    async session(work) {
      const connection = await pool.take();
      return lendSession(connection, { texts, giveBack: (reusable) => pool.give(connection, reusable) }, work);
    },
    close: () => pool.close(),
  };
}
