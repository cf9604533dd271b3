// Runs in a worker thread: imports the schema modules and posts what they export.
import { createRequire } from "node:module";
import { relative, resolve, sep } from "node:path";
import type { MessagePort } from "node:worker_threads";
import type { createJiti as CreateJiti } from "jiti";
import type { BundledModules } from "./bundle-modules.js";
import { type Drizzle, describeSchema, type Export, SchemaError } from "./describe-schema.js";
import type { SchemaReading } from "./schema-reading.js";
import type { SchemaInput, SchemaMessage } from "./schema-thread.js";

type Namespace = Readonly<Record<string, unknown>>;
type Post = (message: SchemaMessage) => void;

/** Told of the bundled modules, posts the name of each module before it is run, then the reading. */
export function answer(input: SchemaInput, jitiUrl: string, port: MessagePort): void {
  const post: Post = (message) => port.postMessage(message);
  port.once("message", async (bundled: BundledModules | undefined) => {
    post((bundled && (await readBundled(input, bundled, post))) ?? (await readWithJiti(input, jitiUrl, post)));
  });
}

/** Undefined where that does not work: what is wrong is then told by the other way, which knows the modules by name. */
async function readBundled(input: SchemaInput, bundled: BundledModules, post: Post): Promise<SchemaReading | undefined> {
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

async function readWithJiti(input: SchemaInput, jitiUrl: string, post: Post): Promise<SchemaReading> {
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
    const own = async (part: string) => {
      const name = `drizzle-orm/${part}`;
      return (await jiti.import(name, { parentURL: first }).catch(() => createRequire(first)(name))) as Drizzle;
    };
    const { CasingCache } = await own("casing");
    const { getTableConfig, getViewConfig, getMaterializedViewConfig } = await own("pg-core");
    const modules = Object.keys(jiti.cache)
      .filter((file) => !file.split(sep).includes("node_modules"))
      .map((file) => relative(input.root, file).split(sep).join("/"));
    const drizzle = { CasingCache, getTableConfig, getViewConfig, getMaterializedViewConfig };
    return { schema: describeSchema(exports, drizzle, input.casing), modules };
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
