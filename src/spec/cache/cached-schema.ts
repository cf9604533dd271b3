import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findSchemaModules, readDatabaseSchema, type SchemaReading } from "../drizzle-schema.js";
import type { Config } from "../model.js";
import type { CacheStore } from "./cache-store.js";
import { contentHash } from "./content-hash.js";

/** Files beside a project, or above it, that decide what its modules import. */
const deciding = ["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb", "tsconfig.json"];

/**
 * `readDatabaseSchema`, unless every module that it ran for the last answer is still the same, and so is what is
 * installed. A schema that reads other things (the environment, files) wants `--no-cache`. Failures are not kept.
 */
export async function readCachedSchema(
  root: string,
  { schema: modules, casing }: Pick<Config, "schema" | "casing">,
  cache: CacheStore | undefined,
): Promise<SchemaReading> {
  if (cache === undefined) return readDatabaseSchema(root, modules, { casing });
  const key = contentHash(JSON.stringify([findSchemaModules(root, modules), casing, installed(root)]));
  const known = cache.read("schema");
  if (known?.key === key && known.inputs.every(([file, hash]) => hashOf(join(root, file)) === hash)) return { schema: known.schema };
  const reading = await readDatabaseSchema(root, modules, { casing });
  if ("schema" in reading && reading.modules !== undefined) {
    const inputs = reading.modules.map((file) => [file, hashOf(join(root, file)) ?? ""] as const);
    cache.write("schema", { key, inputs, schema: reading.schema });
  }
  return reading;
}

function installed(root: string): readonly (string | undefined)[] {
  const found = [...deciding, "node_modules/drizzle-orm/package.json"].map((name) => {
    for (let folder = root; ; folder = dirname(folder)) {
      if (existsSync(join(folder, name))) return hashOf(join(folder, name));
      if (dirname(folder) === folder) return undefined;
    }
  });
  return found;
}

function hashOf(path: string): string | undefined {
  try {
    return contentHash(readFileSync(path));
  } catch {
    return undefined;
  }
}
