import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/** A file that is not there yet. */
export type NewFile = readonly [path: string, text: string];

/** From this many on, a second thread is worth its start. */
const many = 1_000;
/** The part that this thread writes: the other one has to start first. */
const ownPart = 0.6;

/** Writes files, many with a second thread beside this one: most of the time goes by in the file system. */
export async function writeNewFiles(files: readonly NewFile[]): Promise<void> {
  const own = files.length < many || availableParallelism() < 2 ? files.length : Math.ceil(files.length * ownPart);
  const beside = own < files.length ? writeBeside(files.slice(own)) : undefined;
  // Looked at below: until then this thread may fail first.
  beside?.catch(() => {});
  try {
    for (const [path, text] of files.slice(0, own)) writeFileSync(path, text);
  } finally {
    // Whoever clears away what there is must be alone.
    await beside;
  }
}

const script = `const { workerData } = require("node:worker_threads");
const { writeFileSync } = require("node:fs");
for (const [path, text] of workerData) writeFileSync(path, text);`;

function writeBeside(files: readonly NewFile[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { eval: true, workerData: files });
    worker.on("error", reject);
    worker.on("exit", () => resolve());
  });
}
