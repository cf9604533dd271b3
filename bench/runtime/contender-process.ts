// One contender in a process of its own: what it compiles, keeps and collects is its own.
//   contender-process.ts <id> <url> <connections>      then by message: Task → Measured
import { type ContenderId, contenders } from "./contenders.js";
import { randomMove } from "./workload.js";

export interface Task {
  readonly callers: number;
  readonly milliseconds: number;
  /** At most so many. */
  readonly actions?: number;
}

export interface Measured {
  readonly actions: number;
  readonly seconds: number;
  /** Of this process, in milliseconds. */
  readonly cpu: number;
  readonly megabytes: number;
}

const [id = "", url = "", connections = "1"] = process.argv.slice(2);
const { run, close } = await contenders[id as ContenderId].open(url, Number(connections));

process.on("message", async ({ callers, milliseconds, actions: limit = Number.POSITIVE_INFINITY }: Task) => {
  const cpu = process.cpuUsage();
  const start = performance.now();
  let actions = 0;
  const caller = async () => {
    while (performance.now() < start + milliseconds && actions < limit) {
      await run(randomMove());
      actions++;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const measured: Measured = { actions, seconds, cpu: (user + system) / 1_000, megabytes: process.memoryUsage.rss() / 2 ** 20 };
  process.send?.(measured);
});
process.once("disconnect", async () => {
  await close().catch(() => {});
  process.exit();
});
process.send?.("ready");
