import { existsSync, readdirSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { SchemaFailure, SchemaReading } from "./drizzle/schema-reading.js";
import type { Config } from "./model.js";

export type { SchemaFailure, SchemaReading };

const timeLimitMs = 30_000;

/**
 * Runs the Drizzle schema modules and describes the tables, views and enums that they export.
 *
 * A schema is the user's code: it may loop, open a pool, print, or call `process.exit`. So it runs in a worker thread
 * that is stopped once it has answered, or when the time is up, and what it prints is dropped.
 *
 * @param root absolute path of the project
 * @param modules files or folders, relative to the root (an extension may be left out)
 * @param options `casing`: what Drizzle makes of the names of columns that have none of their own
 * @returns what the modules export, or the first module that cannot be read and why; never rejects
 */
export async function readDatabaseSchema(
  root: string,
  modules: readonly string[],
  options: { readonly timeLimitMs?: number; readonly casing?: Config["casing"] } = {},
): Promise<SchemaReading> {
  const found = findSchemaModules(root, modules);
  if ("failure" in found) return found;
  const { readInThread } = await import("./drizzle/schema-thread.js");
  return readInThread({ root, modules: found.files, cache: cacheFolder(root), casing: options.casing }, options.timeLimitMs ?? timeLimitMs);
}

/** The files that the configured modules stand for, relative to the root. */
export function findSchemaModules(
  root: string,
  modules: readonly string[],
): { readonly files: readonly string[] } | { readonly failure: SchemaFailure } {
  const files: string[] = [];
  for (const module of modules) {
    const found = schemaFiles(resolve(root, module));
    if (found.length === 0) return failure(module, "There is no such schema module.");
    files.push(...found.map((file) => relative(root, file).split(sep).join("/")));
  }
  return modules.length === 0 ? failure("", "No schema module is configured.") : { files: [...new Set(files)] };
}

/** A file as it is; a path without its extension; all modules below a folder, those that only gather others (index) last. */
function schemaFiles(path: string): string[] {
  if (existsSync(path)) return statSync(path).isDirectory() ? modulesBelow(path) : [path];
  const withExtension = extensions.map((extension) => path + extension).find((candidate) => existsSync(candidate));
  return withExtension === undefined ? [] : [withExtension];
}

const extensions = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];

function modulesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.[cm]?[jt]s$/.test(file) && !/\.(d|test|spec)\.[cm]?[jt]s$/.test(file) && !file.split(sep).includes("node_modules"))
    .sort((a, b) => Number(isIndex(a)) - Number(isIndex(b)) || (a < b ? -1 : 1))
    .map((file) => join(folder, file));
}

function isIndex(file: string): boolean {
  return /(^|[\\/])index\.[cm]?[jt]s$/.test(file);
}

function cacheFolder(root: string): string | undefined {
  const packages = join(root, "node_modules");
  return existsSync(packages) ? join(packages, ".cache", "usecasecore") : undefined;
}

function failure(module: string, message: string): { readonly failure: SchemaFailure } {
  return { failure: { module, message } };
}
