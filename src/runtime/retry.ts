import { setTimeout } from "node:timers/promises";

export interface RetryPolicy {
  /** How often the work may be run again after a conflict. */
  readonly retries: number;
  readonly signal: AbortSignal | undefined;
  /** Whether to run again, and whether it counts: finding a stored outcome does not. */
  reason(error: unknown): "conflict" | "replay" | undefined;
}

const delay = { base: 10, longest: 1_000 };
/** A replay needs one run; more than a few mean that something else is wrong. */
const replayLimit = 3;

/** Runs the work again, as a whole, after a random pause that grows (full jitter). Rejects with the last failure. */
export async function retryWhole<Value>(policy: RetryPolicy, work: (attempt: number) => Promise<Value>): Promise<Value> {
  let conflicts = 0;
  let replays = 0;
  for (;;) {
    try {
      return await work(conflicts + replays + 1);
    } catch (error) {
      const reason = policy.reason(error);
      if (reason === undefined) throw error;
      if (reason === "conflict" ? ++conflicts > policy.retries : ++replays > replayLimit) throw error;
      await pause(Math.random() * Math.min(delay.longest, delay.base * 2 ** conflicts), policy.signal);
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await setTimeout(milliseconds);
  signal?.throwIfAborted();
}
