import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { Config } from "../model.js";
import { isCompiled, packageFile } from "../package-file.js";
import { bundleModules } from "./bundle-modules.js";
import type { SchemaFailure, SchemaReading } from "./schema-reading.js";

/** What the worker is given: see `schema-worker.ts`. */
export interface SchemaInput {
  readonly root: string;
  /** Relative to the root, with `/`, in the order in which they are read. */
  readonly modules: readonly string[];
  /** Where transpiled modules are kept between runs; none if the project has no `node_modules`. */
  readonly cache: string | undefined;
  readonly casing: Config["casing"];
}

export type SchemaMessage =
  | SchemaReading
  /** The module that is run next. */
  | { readonly reading: string };

/**
 * Bundles the modules while the worker starts, which then runs them. It is stopped once it has answered, or when the
 * time is up, and what the modules print is dropped.
 */
export function readInThread(input: SchemaInput, limitMs: number): Promise<SchemaReading> {
  return new Promise<SchemaReading>((settle) => {
    // Reading stands still at the last module that the worker has named.
    let current = input.modules[0] ?? "";
    let folder: string | undefined;
    const bundling = bundleModules(input.root, input.modules, limitMs, (own) => {
      folder = own;
    });
    const worker = startWorker(input);
    void bundling.then((bundled) => worker.postMessage(bundled));
    const finish = (reading: SchemaReading) => {
      clearTimeout(timer);
      worker.removeAllListeners();
      worker.on("error", () => {});
      void Promise.all([worker.terminate(), bundling]).then(() => {
        if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
        settle(reading);
      });
    };
    const fail = (message: string) => finish({ failure: { module: current, message } satisfies SchemaFailure });
    const timer = setTimeout(() => {
      fail(`Running the module took longer than ${limitMs / 1000} s: does it wait for something when it is imported?`);
    }, limitMs);
    worker.on("message", (message: SchemaMessage) => {
      if ("reading" in message) current = message.reading;
      else finish(message);
    });
    worker.on("error", (error: unknown) => fail(error instanceof Error ? error.message : String(error)));
    worker.on("exit", () => fail("The module ended the process that was reading it (process.exit)."));
  });
}

/** The worker is this package's own module: compiled, or (in this package's tests) TypeScript, which jiti can run. */
function startWorker(input: SchemaInput): Worker {
  const jiti = isCompiled ? "jiti" : pathToFileURL(createRequire(import.meta.url).resolve("jiti")).href;
  const script = isCompiled
    ? fileURLToPath(packageFile("dist/cli/schema-worker.cjs"))
    : packageFile("src/spec/drizzle/schema-worker.ts").href;
  const load = isCompiled
    ? "require(script).answer(input, jiti, parentPort)"
    : "import(jiti).then(({ createJiti }) => createJiti(script).import(script)).then(({ answer }) => answer(input, jiti, parentPort))";
  return new Worker(`const { workerData: { script, jiti, input }, parentPort } = require("node:worker_threads"); ${load};`, {
    eval: true,
    workerData: { script, jiti, input },
    stdout: true,
    stderr: true,
  });
}
