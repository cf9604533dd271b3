import { setFlagsFromString } from "node:v8";

/**
 * Sets V8 up for one pass over many use cases, which no function lives long in and nothing of which is needed again. It
 * is about the whole process, so only the command line may say it; measured with the V8 of Node 20. Later ones have a
 * compiler more, and other flags.
 */
export function tuneForOnePass(): void {
  if (!process.versions.node.startsWith("20.")) return;
  for (const [tuned] of flags) setFlagsFromString(tuned);
  // What V8 has made of our code is kept when the process ends, and is of use only under the flags it was made under.
  process.prependOnceListener("exit", () => {
    for (const [, before] of flags) setFlagsFromString(before);
  });
}

const flags = [
  // Plain machine code of every function at once, optimised only when it runs very often: by default a third of the time
  // goes into optimising what is over before that pays.
  ["--always-sparkplug", "--no-always-sparkplug"],
  ["--interrupt-budget=1000000", "--interrupt-budget=67584"],
  // By default a heap that has held 15 MB may grow to 60 before it is looked through for what can go.
  ["--heap-growing-percent=100", "--heap-growing-percent=0"],
] as const;
