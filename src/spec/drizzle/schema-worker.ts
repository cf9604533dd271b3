// Runs in a worker thread: imports the schema modules and posts what they export.
import { createRequire } from "node:module";
import { relative, resolve, sep } from "node:path";
import { parentPort } from "node:worker_threads";
import type { createJiti as CreateJiti } from "jiti";
import type { SchemaReading, SchemaWorkerInput, SchemaWorkerMessage } from "../drizzle-schema.js";
import { bundleModules } from "./bundle-modules.js";
import { describeSchema, type Export, SchemaError } from "./describe-schema.js";

type Drizzle = Parameters<typeof describeSchema>[1];
type Namespace = Readonly<Record<string, unknown>>;
type Post = (message: SchemaWorkerMessage) => void;

/** Posts the name of each module before it is run, then the reading. Never rejects. */
export async function answer(input: SchemaWorkerInput, jitiUrl: string): Promise<void> {
  const post: Post = (message) => parentPort?.postMessage(message);
  post((await readBundled(input, post)) ?? (await readWithJiti(input, jitiUrl, post)));
}

/** Undefined where that does not work: what is wrong is then told by the other way, which knows the modules by name. */
async function readBundled(input: SchemaWorkerInput, post: Post): Promise<SchemaReading | undefined> {
  const bundled = await bundleModules(input.root, input.modules, (folder) => post({ folder }));
  if (bundled === undefined) return undefined;
  try {
    const exports: Export[] = [];
    for (const [index, module] of input.modules.entries()) {
      post({ reading: module });
      collect(exports, module, (await import(bundled.urls[index] ?? "")) as Namespace);
    }
    const drizzle = (await import(bundled.drizzleUrl)) as Drizzle;
    return { schema: describeSchema(exports, drizzle, input.casing), modules: bundled.inputs };
  } catch {
    return undefined;
  }
}

async function readWithJiti(input: SchemaWorkerInput, jitiUrl: string, post: Post): Promise<SchemaReading> {
  let current = input.modules[0] ?? "";
  try {
    const { createJiti } = (await import(jitiUrl)) as { createJiti: typeof CreateJiti };
    const first = resolve(input.root, current);
    const jiti = createJiti(first, { fsCache: input.cache ?? false, tsconfigPaths: true });
    const exports: Export[] = [];
    for (const module of input.modules) {
      current = module;
      post({ reading: module });
      collect(exports, module, await jiti.import<Namespace>(resolve(input.root, module)));
    }
    // The project's own drizzle-orm, as its schema module sees it: the one that made the tables.
    const drizzle = await jiti.import("drizzle-orm/pg-core", { parentURL: first }).catch(() => createRequire(first)("drizzle-orm/pg-core"));
    const modules = Object.keys(jiti.cache)
      .filter((file) => !file.split(sep).includes("node_modules"))
      .map((file) => relative(input.root, file).split(sep).join("/"));
    return { schema: describeSchema(exports, drizzle as Drizzle, input.casing), modules };
  } catch (error) {
    const module = error instanceof SchemaError ? error.module : current;
    return { failure: { module, message: messageOf(error, input.root) } };
  }
}

function collect(exports: Export[], module: string, namespace: Namespace): void {
  for (const [name, value] of Object.entries(namespace)) if (name !== "default") exports.push({ name, module, value });
}

/** The first lines of what went wrong, with paths relative to the project. */
function messageOf(error: unknown, root: string): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !/^\s*(at |Require stack:|- )/.test(line));
  return lines.slice(0, 6).join("\n").replaceAll(`file://${root}/`, "").replaceAll(`${root}/`, "") || "The module could not be run.";
}
