import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planMigration } from "./migrations.js";

const built: { planMigration: typeof planMigration } = await import(new URL("../../dist/generate/migrations.js", import.meta.url).href);

test.each([undefined, "ledger"])(
  "the built package makes the first migration that drizzle-kit makes here, twice the same (schema %s)",
  async (schema) => {
    const root = mkdtempSync(join(tmpdir(), "usecase-own-tables-"));
    try {
      const config = { migrations: "drizzle", tables: { schema, migrations: "drizzle" as const } };
      const plan = await planMigration(root, config);
      expect(plan?.files.map(({ path }) => path)).toContain("drizzle/0000_usecasecore.sql");
      expect(await built.planMigration(root, config)).toEqual(plan);
    } finally {
      rmSync(root, { recursive: true });
    }
  },
);
