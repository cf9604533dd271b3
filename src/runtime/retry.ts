import { setTimeout } from "node:timers/promises";

/**
 * Why work is run again: somebody else was faster; a stored outcome is there to be replayed; or the connection's prepared
 * statements were no longer what they had been, and it has been given up with nothing done.
 */
export type RetryReason = "conflict" | "replay" | "stale statements";

export interface RetryPolicy {
  /** How often the work may be run again after a conflict. */
  readonly retries: number;
  readonly signal: AbortSignal | undefined;
  /** Whether to run again; only conflicts count as retries. */
  reason(error: unknown): RetryReason | undefined;
}

const delay = { base: 10, longest: 1_000 };
/** A replay needs one run; more than a few mean that something else is wrong. */
const replayLimit = 3;
/** After a migration every idle connection of a pool may be stale: each attempt does away with one of them. */
const staleLimit = 100;

/** Runs the work again, as a whole, after a random pause that grows (full jitter). Rejects with the last failure. */
export async function retryWhole<Value>(policy: RetryPolicy, work: (attempt: number) => Promise<Value>): Promise<Value> {
  const counts = { conflict: 0, replay: 0, "stale statements": 0 };
  const limits = { conflict: policy.retries, replay: replayLimit, "stale statements": staleLimit };
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      const reason = policy.reason(error);
      if (reason === undefined || ++counts[reason] > limits[reason]) throw error;
      // Nobody has to be waited for where only the connection is to blame.
      const longest = reason === "stale statements" ? 0 : Math.min(delay.longest, delay.base * 2 ** counts.conflict);
      await pause(Math.random() * longest, policy.signal);
    }
  }
}

async function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await setTimeout(milliseconds, undefined, signal && { signal }).catch(() => {});
  signal?.throwIfAborted();
}
