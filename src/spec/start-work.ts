import { fileURLToPath } from "node:url";
import { type ResourceLimits, Worker } from "node:worker_threads";
import { packageFile } from "./package-file.js";

/** Starts a thread that does one of the works of `cli/threads.ts`, where the package is compiled. */
export function startWork(work: "emit" | "generate" | "inspect", input: unknown, resourceLimits: ResourceLimits): Worker {
  const script = `const { workerData: { start, work, input }, parentPort } = require("node:worker_threads"); require(start).startWork(work, input, parentPort);`;
  return new Worker(script, {
    eval: true,
    workerData: { start: fileURLToPath(packageFile("dist/cli/start.cjs")), work, input },
    resourceLimits,
  });
}
