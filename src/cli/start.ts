// The first of our code that runs in a thread: loads the rest.
import { packageFile } from "../spec/package-file.js";
import { requireCompiled } from "./require-compiled.js";

type Threads = typeof import("./threads.js");

/** The commands whose code is kept compiled: each runs other parts of it. */
const kept = ["check", "generate", "lint"];

/** The command of `bin/`. */
export function startCommand(): Promise<void> {
  const [, , command = ""] = process.argv;
  return threads(kept.includes(command) ? command : "other").run();
}

/** A second thread of a large run. */
export function startWork<Work extends keyof Threads["works"]>(work: Work, ...given: Parameters<Threads["works"][Work]>): Promise<void> {
  return (threads(work).works[work] as (...given: unknown[]) => Promise<void>)(...given);
}

function threads(use: string): Threads {
  return requireCompiled(packageFile("dist/cli/threads.cjs"), use) as Threads;
}
