import type { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import postgres from "postgres";
import { createUseCaseCore, type Driver } from "usecasecore";
import { nodePostgres } from "usecasecore/drivers/node-postgres";
import { pglite } from "usecasecore/drivers/pglite";
import { postgresJs } from "usecasecore/drivers/postgres-js";
import { moveInventory } from "../../generated-example/src/usecases/index.gen.js";
import type { Contender, Opened } from "./contender.js";
import { openPglite } from "./pglite.js";
import { withoutAudit } from "./without-audit.js";

function opened(driver: Driver, close: () => Promise<unknown>): Opened {
  // Noon, since stock is not moved at night.
  const noon = new Date(`${new Date().toISOString().slice(0, 10)}T12:00:00Z`);
  const core = createUseCaseCore({ driver, clock: () => noon, authorizer: { authorize: () => true } });
  return { run: ({ command, context }) => core.execute(moveInventory, command, context), close };
}

const onPg =
  (pipeline: boolean, adapt: (driver: Driver) => Driver = (driver) => driver) =>
  (connectionString: string, max: number) => {
    const pool = new pg.Pool({ connectionString, max, pipeline } as pg.PoolConfig);
    return opened(adapt(nodePostgres(pool)), () => pool.end());
  };

export const ours = {
  pg: { name: "usecasecore, pg pipeline", open: onPg(true) },
  pgUnaudited: { name: "usecasecore, pg pipeline, no audit", open: onPg(true, withoutAudit) },
  pgInTurn: { name: "usecasecore, pg one by one", open: onPg(false) },
  js: {
    name: "usecasecore, postgres.js",
    open(url, max) {
      const driver = postgresJs(postgres(url, { max }));
      return opened(driver, () => driver.close());
    },
  },
  pglite: {
    name: "usecasecore, PGlite",
    async open() {
      const client: PGlite = await openPglite();
      return opened(pglite(client), () => client.close());
    },
  },
} satisfies Record<string, Contender>;
