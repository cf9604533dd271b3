import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// Timeouts end what hangs; nothing here depends on how fast the machine is.
// Three tiers by file name: `.test.ts` is pure, `.db.test.ts` talks to a real Postgres that global set-up starts from
// npm, `.e2e.test.ts` spawns the built command.
const shared = { pool: "forks" as const, testTimeout: 120_000, hookTimeout: 120_000 };
const db = "**/*.db.test.ts";
const e2e = "**/*.e2e.test.ts";
const roots = ["src", "generated-example/src"];
const inRoots = (pattern: string) => roots.map((root) => `${root}/${pattern}`);

export default defineConfig({
  test: {
    // Tests wait for the server much of the time, also on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: process.env["CI"] ? ["default", "./scripts/plain-summary.ts"] : ["default"],
    projects: [
      { test: { ...shared, name: "unit", include: inRoots("**/*.test.ts"), exclude: [db, e2e] } },
      { test: { ...shared, name: "db", include: inRoots(db), globalSetup: "src/testing/server/global-setup.ts" } },
      { test: { ...shared, name: "e2e", include: inRoots(e2e), globalSetup: "src/testing/server/global-setup.ts" } },
    ],
  },
});
