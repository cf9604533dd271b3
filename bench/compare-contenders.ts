import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type CommandLine, type Measured, measure, median } from "./lint/measure.js";

/** A command that is measured beside others. */
export interface Contender {
  readonly name: string;
  /** What it prints when it has done its work. */
  readonly says: RegExp;
  /** Before each run, outside of what is measured. */
  prepare?(folder: string): void;
  commandLine(folder: string): CommandLine;
  /** Throws when it did not do what its name says. */
  check?(folder: string): void;
}

/** Those whose names begin as `only` says, a list with commas in which `ours` stands for all of ours; all without it. */
export function chosenOf(contenders: readonly Contender[], only: string | undefined): readonly Contender[] {
  const starts = only?.split(",").map((part) => (part === "ours" ? "usecase" : part));
  return contenders.filter(({ name }) => starts === undefined || starts.some((start) => name.startsWith(start)));
}

/** Installs the packages of a bench folder, unless one that is among them is there. */
export function installOthers(folder: string, one: string, names: string): void {
  if (existsSync(join(folder, "node_modules", one))) return;
  console.log(`Installing ${names} …`);
  spawnSync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel", "error"], { cwd: folder, stdio: "inherit" });
}

/** The binary itself: the package's script costs a second start of Node. */
export function bufBinary(folder: string): string {
  const own = join(folder, `node_modules/@bufbuild/buf-${process.platform}-${process.arch}/bin/buf`);
  return existsSync(own) ? own : join(folder, "node_modules/.bin/buf");
}

/** Of what is kept beside packages: the user's Drizzle in one. An installation has none of it. */
export function removeKeptDrizzle(root: string): void {
  const cache = join(root, "node_modules/.cache/usecasecore");
  const kept = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith("drizzle-")) : [];
  for (const name of kept) rmSync(join(cache, name), { recursive: true });
}

export interface Comparison {
  readonly title: string;
  readonly folder: string;
  readonly rounds: number;
  /** Headings of the ratios, each with the name of the contender that is one. */
  readonly ratios: readonly (readonly [heading: string, name: string])[];
}

/**
 * Measures the contenders, one after the other in each round, and prints the medians. Ratios are of time and, where the
 * system counts it, of processor time: other work on the machine shows in that much less.
 * @returns the seconds of a contender; NaN where it was not chosen
 */
export async function compareContenders(
  contenders: readonly Contender[],
  { title, folder, rounds, ratios }: Comparison,
): Promise<(name: string) => number> {
  const results = new Map<string, Measured[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, says, prepare, commandLine, check } of contenders) {
      prepare?.(folder);
      results.get(name)?.push(await measure(commandLine(folder), says));
      check?.(folder);
    }
  }
  const seconds = (name: string) => median((results.get(name) ?? []).map((result) => result.seconds));
  const processor = (name: string) => median((results.get(name) ?? []).map((result) => result.cpuSeconds ?? result.seconds));
  console.log(`${title.padEnd(28)}     s   CPU s      MB${ratios.map(([heading]) => heading.padStart(15)).join("")}`);
  for (const { name } of contenders) {
    const peaks = (results.get(name) ?? []).flatMap(({ peakMb }) => peakMb ?? []);
    const ratio = (other: string) =>
      results.has(other) ? [seconds, processor].map((of) => (of(name) / of(other)).toFixed(2)).join(" / ") : "–";
    const shown = ratios.map(([, other]) => ratio(other).padStart(15)).join("");
    console.log(
      `  ${name.padEnd(26)}${seconds(name).toFixed(2).padStart(6)}${processor(name).toFixed(2).padStart(8)}${median(peaks).toFixed(0).padStart(8)}${shown}`,
    );
  }
  console.log();
  return (name) => (results.has(name) ? seconds(name) : Number.NaN);
}
