import { setFlagsFromString } from "node:v8";

/**
 * Has V8 make plain machine code of every function at once, and optimise only what runs very often: by default it
 * spends a third of the time of one pass over a thousand use cases on optimising what is over before that pays. It
 * is about the whole process, so only the command line may say it.
 */
export function compileForOnePass(): void {
  setFlagsFromString("--always-sparkplug");
  setFlagsFromString("--interrupt-budget=1000000");
}
