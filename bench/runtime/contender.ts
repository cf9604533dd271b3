// Whoever moves inventory: opened once in a process of its own, then called.
import type { MoveCall } from "./workload.js";

export interface Contender {
  readonly name: string;
  open(url: string, connections: number): Opened | Promise<Opened>;
}

export interface Opened {
  run(call: MoveCall): Promise<unknown>;
  close(): Promise<unknown>;
}
