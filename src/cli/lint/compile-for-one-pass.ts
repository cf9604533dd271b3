import { setFlagsFromString } from "node:v8";

/**
 * Has V8 make plain machine code of every function at once, and optimise only what runs very often: by default that of
 * Node 20 spends a third of the time of one pass over a thousand use cases on optimising what is over before that pays.
 * Later ones have a compiler between the two, and other flags. It is about the whole process, so only the command line
 * may say it.
 */
export function compileForOnePass(): void {
  if (!process.versions.node.startsWith("20.")) return;
  setFlagsFromString("--always-sparkplug");
  setFlagsFromString("--interrupt-budget=1000000");
}
