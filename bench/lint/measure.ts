import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

export interface Measured {
  readonly seconds: number;
  /** Of all its threads, user and system; undefined where the system does not say (Linux does). */
  readonly cpuSeconds: number | undefined;
  /** The most memory that the process itself held; undefined where the system does not say (Linux does). */
  readonly peakMb: number | undefined;
}

export interface CommandLine {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command to its end. Throws unless it says what is expected: a linter that fails at once is fast, too. */
export async function measure({ command, args, cwd, env: own }: CommandLine, expected: RegExp): Promise<Measured> {
  // Certificates of the machine's own would be read at the start of every Node process, which takes longer than the start.
  const { NODE_EXTRA_CA_CERTS: _, ...inherited } = process.env;
  const quiet = { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true", NO_COLOR: "1", GITHUB_ACTIONS: "" };
  const env = { ...inherited, ...quiet, ...own };
  const start = performance.now();
  const child = spawn(command, args, { cwd, env });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  let peakKb = 0;
  let cpuSeconds: number | undefined;
  const timer = setInterval(() => {
    cpuSeconds = processorTime(child.pid) ?? cpuSeconds;
    peakKb = Math.max(peakKb, highWaterMark(child.pid) ?? 0);
  }, 10);
  const status = await new Promise((end) => child.on("close", end));
  const seconds = (performance.now() - start) / 1_000;
  clearInterval(timer);
  if (!expected.test(said) && !(said === "" && expected.test("nothing")))
    throw new Error(`${command} ${args.join(" ")} in ${cwd} ended with ${status}:\n${said.slice(0, 2_000)}`);
  return { seconds, cpuSeconds, peakMb: peakKb === 0 ? undefined : peakKb / 1024 };
}

function highWaterMark(pid: number | undefined): number | undefined {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  } catch {
    return undefined;
  }
}

/** In the ticks of 10 ms that Linux counts in. */
function processorTime(pid: number | undefined): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return undefined;
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
