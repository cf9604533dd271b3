import postgres from "postgres";
import { afterAll, beforeAll, describe, test } from "vitest";
import { createTestDatabase } from "../testing/server/test-database.js";
import { driverConformance } from "./conformance.js";
import { postgresJs } from "./postgres-js.js";

driverConformance(
  {
    name: "postgres.js",
    createDatabase: createTestDatabase,
    async open(url, max) {
      const sql = postgres(url, { max });
      return { driver: postgresJs(sql), close: () => sql.end() };
    },
    overNetwork: true,
    pipelines: true,
  },
  { afterAll, beforeAll, describe, test },
);
