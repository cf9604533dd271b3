// Contenders in their processes, and rounds in which all of them take turns.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Measured, Task } from "./contender-process.js";
import type { ContenderId } from "./contenders.js";

export interface Round extends Measured {
  /** Of the server and all its processes, in milliseconds; undefined where the system does not say (Linux does). */
  readonly serverCpu: number | undefined;
}

export interface Field {
  /** Each contender for a while, in turn, so many times. */
  measure(callers: number, rounds: number, milliseconds: number): Promise<ReadonlyMap<ContenderId, readonly Round[]>>;
  close(): Promise<void>;
}

/** In milliseconds. */
const longestWarmUp = 20_000;

/** Opens the contenders and lets each run until its code is compiled. */
export async function openField(
  ids: readonly ContenderId[],
  url: string,
  connections: number,
  warmUpActions: number,
  serverCpu: () => number | undefined,
): Promise<Field> {
  const processes = new Map<ContenderId, ChildProcess>();
  const ask = async (child: ChildProcess, task: Task): Promise<Measured> => {
    child.send(task);
    return answerOf(child) as Promise<Measured>;
  };
  for (const id of ids) {
    const child = fork(fileURLToPath(new URL("contender-process.ts", import.meta.url)), [id, url, String(connections)]);
    processes.set(id, child);
    await answerOf(child);
    await ask(child, { callers: Math.min(connections, 8), milliseconds: longestWarmUp, actions: warmUpActions });
  }
  return {
    async measure(callers, rounds, milliseconds) {
      const measured = new Map<ContenderId, Round[]>(ids.map((id) => [id, []]));
      for (let round = 0; round < rounds; round++) {
        for (const [id, child] of processes) {
          const before = serverCpu();
          const answer = await ask(child, { callers, milliseconds });
          const after = serverCpu();
          measured.get(id)?.push({ ...answer, serverCpu: before === undefined || after === undefined ? undefined : after - before });
        }
      }
      return measured;
    },
    async close() {
      for (const child of processes.values()) {
        const ended = once(child, "exit");
        child.disconnect();
        await ended;
      }
    },
  };
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`A contender's process ended with ${code}.`));
    child.once("exit", ended);
    child.once("message", (answer) => {
      child.off("exit", ended);
      resolve(answer);
    });
  });
}
