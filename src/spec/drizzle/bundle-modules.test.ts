import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readDatabaseSchema } from "../drizzle-schema.js";
import { bundleModules } from "./bundle-modules.js";

// Below this package, so that esbuild is found.
const repository = fileURLToPath(new URL("../../..", import.meta.url));
const root = join(repository, `.tmp/bundle-modules-${process.pid}`);
const cache = join(root, "node_modules/.cache/usecasecore");
afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeAll(() => {
  mkdirSync(cache, { recursive: true });
  symlinkSync(join(repository, "node_modules/drizzle-orm"), join(root, "node_modules/drizzle-orm"));
});

const bundle = (module: string, text: string) => {
  writeFileSync(join(root, module), text);
  return bundleModules(root, [module], 30_000, () => {});
};
const textOf = (url: string) => readFileSync(fileURLToPath(url), "utf8");
const kept = () => readdirSync(cache).filter((name) => name.startsWith("drizzle-"));
const table = 'export const orders = pgTable("orders", { id: uuid().primaryKey() });\n';

test("Drizzle is bundled once for its version, and left out of the modules", async () => {
  mkdirSync(join(cache, "drizzle-earlier"));
  const first = await bundle("first.ts", `import { pgTable, uuid } from "drizzle-orm/pg-core";\n${table}`);
  const [name = "", ...others] = kept();
  expect(others).toEqual([]);
  const made = statSync(join(cache, name)).ctimeMs;
  const second = await bundle("second.ts", `import { sql } from "drizzle-orm";\nexport const one = sql\`1\`;\n`);
  expect(statSync(join(cache, name)).ctimeMs).toBe(made);
  for (const bundled of [first, second]) {
    expect(bundled?.drizzleUrl).toContain(`/${name}/`);
    expect(textOf(bundled?.urls[0] ?? "")).toContain(`/${name}/`);
    expect(textOf(bundled?.urls[0] ?? "").length).toBeLessThan(500);
  }
  expect([first?.inputs, second?.inputs]).toEqual([["first.ts"], ["second.ts"]]);
});

test("where other parts of Drizzle are wanted, all of it goes into one", async () => {
  const text = `import { pgTable } from "drizzle-orm/pg-core/table";\nimport { uuid } from "drizzle-orm/pg-core";\n${table}`;
  const bundled = await bundle("other.ts", text);
  expect(bundled?.inputs).toEqual(["other.ts"]);
  expect(textOf(bundled?.urls[0] ?? "")).not.toContain("file:");
  expect(await readDatabaseSchema(root, ["other.ts"])).toMatchObject({ schema: { tables: [{ name: "orders", primaryKey: ["id"] }] } });
});

test("CommonJS is not bundled, and its tables are found", async () => {
  const text = `const { pgTable, uuid } = require("drizzle-orm/pg-core");\n${table.replace("export const orders", "exports.orders")}`;
  expect(await bundle("required.cjs", text)).toBeUndefined();
  expect(await readDatabaseSchema(root, ["required.cjs"])).toMatchObject({ schema: { tables: [{ name: "orders", primaryKey: ["id"] }] } });
});
