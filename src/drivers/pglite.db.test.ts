import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, test } from "vitest";
import { driverConformance } from "./conformance.js";
import { pglite } from "./pglite.js";

const client = new PGlite();

driverConformance(
  {
    name: "PGlite",
    createDatabase: async () => ({ url: "", drop: () => client.close() }),
    open: async () => ({ driver: pglite(client), close: () => Promise.resolve() }),
    overNetwork: false,
    pipelines: false,
  },
  { afterAll, beforeAll, describe, test },
);
