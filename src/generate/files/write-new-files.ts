import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { openCounter } from "../../spec/shared-list.js";

/** A file that is not there yet. */
export type NewFile = readonly [path: string, text: string];

/** From this many on, a second thread is worth its start. */
const many = 1_000;

/** Writes files, many with a second thread beside this one: most of the time goes by in the file system. */
export async function writeNewFiles(files: readonly NewFile[]): Promise<void> {
  if (files.length < many || availableParallelism() < 2) return writeAll(files);
  // The other thread starts while this one writes the first half; then both take what is left.
  const half = Math.ceil(files.length / 2);
  const shared = files.slice(half);
  const taken = openCounter();
  const beside = writeBeside(shared, taken);
  // Looked at below: until then this thread may fail first.
  beside.catch(() => {});
  try {
    writeAll(files.slice(0, half));
    for (let file = shared[Atomics.add(taken, 0, 1)]; file !== undefined; file = shared[Atomics.add(taken, 0, 1)]) writeFileSync(...file);
  } finally {
    // Whoever clears away what there is must be alone.
    Atomics.store(taken, 0, shared.length);
    await beside;
  }
}

function writeAll(files: readonly NewFile[]): void {
  for (const file of files) writeFileSync(...file);
}

const script = `const { workerData: { files, taken } } = require("node:worker_threads");
const { writeFileSync } = require("node:fs");
for (let file = files[Atomics.add(taken, 0, 1)]; file !== undefined; file = files[Atomics.add(taken, 0, 1)]) writeFileSync(...file);`;

function writeBeside(files: readonly NewFile[], taken: Int32Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { eval: true, workerData: { files, taken } });
    worker.on("error", reject);
    worker.on("exit", () => resolve());
  });
}
