import pg from "pg";
import { afterAll, beforeAll, describe, test } from "vitest";
import { startPostgresServer } from "../testing/server/postgres-server.js";
import { createTestDatabase } from "../testing/server/test-database.js";
import { driverConformance } from "./conformance.js";
import { nodePostgres } from "./node-postgres.js";

for (const pipeline of [true, false]) {
  driverConformance(
    {
      name: `node-postgres, ${pipeline ? "pipelined" : "one by one"}`,
      createDatabase: createTestDatabase,
      async open(connectionString, max) {
        const pool = new pg.Pool({ connectionString, max, pipeline });
        return { driver: nodePostgres(pool), close: () => pool.end() };
      },
      overNetwork: true,
      ...(pipeline && { startServer: () => startPostgresServer({ synchronous_commit: "on" }) }),
      pipelines: pipeline,
    },
    { afterAll, beforeAll, describe, test },
  );
}
