// What the build has described is what drizzle-kit makes of our tables.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { describeOwnTables } from "./describe-own-tables.js";
import { builtOwnTables } from "./own-tables.js";

const root = mkdtempSync(join(tmpdir(), "own-tables-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const drizzle = ["drizzle-kit/api", "drizzle-orm", "drizzle-orm/pg-core"];
const schemas = [undefined, "ledger", "_", "Upper_Case_9", "select", "usecase_audit", "x".repeat(63)];

test.each(schemas)("in the schema %s", async (schema) => {
  expect(JSON.stringify(builtOwnTables(schema))).toBe(JSON.stringify(await describeOwnTables(schema)));
});

test.each([undefined, "ledger"])("the first migration needs no drizzle, and is the same (schema %s)", async (schema) => {
  const config = { migrations: "drizzle", tables: { schema, migrations: "drizzle" as const } };
  const plan = async () => {
    vi.resetModules();
    return (await import("./migrations.js")).planMigration(root, config);
  };
  const computed = await plan();

  vi.doMock("../spec/package-file.js", async (original) => ({ ...(await original<object>()), isCompiled: true }));
  const loaded: string[] = [];
  for (const name of drizzle)
    vi.doMock(name, (original) => {
      loaded.push(name);
      return original();
    });
  const read = await plan();
  expect(loaded).toEqual([]);
  expect(read).toEqual(computed);
  expect(read?.files.length).toBe(4);
  vi.doUnmock("../spec/package-file.js");
  for (const name of drizzle) vi.doUnmock(name);
});
