import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { Worker } from "node:worker_threads";
import type { Config, DatabaseSchema } from "./model.js";
import { isCompiled, packageFile } from "./package-file.js";

export interface SchemaFailure {
  /** The module at fault, relative to the project's root. */
  readonly module: string;
  readonly message: string;
}

export type SchemaReading =
  /** `modules`: every file of the project that was run for it, relative to the root. */
  { readonly schema: DatabaseSchema; readonly modules?: readonly string[] } | { readonly failure: SchemaFailure };

/** What the worker is given: see `drizzle/schema-worker.ts`. */
export interface SchemaWorkerInput {
  readonly root: string;
  /** Relative to the root, with `/`, in the order in which they are read. */
  readonly modules: readonly string[];
  /** Where transpiled modules are kept between runs; none if the project has no `node_modules`. */
  readonly cache: string | undefined;
  readonly casing: Config["casing"];
}

export type SchemaWorkerMessage =
  | SchemaReading
  /** The module that is run next. */
  | { readonly reading: string }
  /** A folder that is of no use once the worker has ended. */
  | { readonly folder: string };

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
  const input: SchemaWorkerInput = { root, modules: found.files, cache: cacheFolder(root), casing: options.casing };
  return inWorker(input, options.timeLimitMs ?? timeLimitMs);
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

function inWorker(input: SchemaWorkerInput, limitMs: number): Promise<SchemaReading> {
  // The worker is this package's own module: compiled, or (in this package's tests) TypeScript, which jiti can run.
  const script = packageFile(isCompiled ? "dist/spec/drizzle/schema-worker.js" : "src/spec/drizzle/schema-worker.ts").href;
  const jiti = import.meta.resolve("jiti");
  const load = isCompiled ? "import(script)" : "import(jiti).then(({ createJiti }) => createJiti(script).import(script))";
  const worker = new Worker(
    `const { script, jiti, input } = require("node:worker_threads").workerData; ${load}.then(({ answer }) => answer(input, jiti));`,
    { eval: true, workerData: { script, jiti, input }, stdout: true, stderr: true },
  );
  return new Promise<SchemaReading>((settle) => {
    // Reading stands still at the last module that the worker has named.
    let current = input.modules[0] ?? "";
    let folder: string | undefined;
    const finish = (reading: SchemaReading) => {
      clearTimeout(timer);
      worker.removeAllListeners();
      worker.on("error", () => {});
      void worker.terminate().then(() => {
        if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
        settle(reading);
      });
    };
    const timer = setTimeout(() => {
      finish(failure(current, `Running the module took longer than ${limitMs / 1000} s: does it wait for something when it is imported?`));
    }, limitMs);
    worker.on("message", (message: SchemaWorkerMessage) => {
      if ("reading" in message) current = message.reading;
      else if ("folder" in message) folder = message.folder;
      else finish(message);
    });
    worker.on("error", (error: unknown) => finish(failure(current, error instanceof Error ? error.message : String(error))));
    worker.on("exit", () => finish(failure(current, "The module ended the process that was reading it (process.exit).")));
  });
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
