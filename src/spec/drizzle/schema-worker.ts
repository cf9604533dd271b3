// Runs in a worker thread: imports the schema modules and posts what they export.
import { createRequire } from "node:module";
import { relative, resolve, sep } from "node:path";
import { parentPort } from "node:worker_threads";
import type { createJiti as CreateJiti } from "jiti";
import type { SchemaReading, SchemaWorkerInput } from "../drizzle-schema.js";
import { describeSchema, type Export, SchemaError } from "./describe-schema.js";

/** Posts the name of each module before it is run, then the reading. Never rejects. */
export async function answer(input: SchemaWorkerInput, jitiUrl: string): Promise<void> {
  let current = input.modules[0] ?? "";
  const post = (message: SchemaReading | { readonly reading: string }) => parentPort?.postMessage(message);
  try {
    const { createJiti } = (await import(jitiUrl)) as { createJiti: typeof CreateJiti };
    const first = resolve(input.root, current);
    const jiti = createJiti(first, { fsCache: input.cache ?? false, tsconfigPaths: true });
    const exports: Export[] = [];
    for (const module of input.modules) {
      current = module;
      post({ reading: module });
      const namespace = await jiti.import<Readonly<Record<string, unknown>>>(resolve(input.root, module));
      for (const [name, value] of Object.entries(namespace)) if (name !== "default") exports.push({ name, module, value });
    }
    // The project's own drizzle-orm, as its schema module sees it: the one that made the tables.
    const drizzle = await jiti.import("drizzle-orm/pg-core", { parentURL: first }).catch(() => createRequire(first)("drizzle-orm/pg-core"));
    const modules = Object.keys(jiti.cache)
      .filter((file) => !file.split(sep).includes("node_modules"))
      .map((file) => relative(input.root, file).split(sep).join("/"));
    post({ schema: describeSchema(exports, drizzle as Parameters<typeof describeSchema>[1]), modules });
  } catch (error) {
    const module = error instanceof SchemaError ? error.module : current;
    post({ failure: { module, message: messageOf(error, input.root) } });
  }
}

/** The first lines of what went wrong, with paths relative to the project. */
function messageOf(error: unknown, root: string): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !/^\s*(at |Require stack:|- )/.test(line));
  return lines.slice(0, 6).join("\n").replaceAll(`file://${root}/`, "").replaceAll(`${root}/`, "") || "The module could not be run.";
}
