import type { RelayMessage } from "./message.js";

/** A message that was given up. */
export interface DeadLetter {
  /** `attempt` is the last one that was made. */
  readonly message: RelayMessage;
  /** What the last attempt failed with. */
  readonly error: string;
  readonly failedAt: Date;
  /** Nothing of its key is delivered until it is retried or discarded. */
  readonly haltsItsKey: boolean;
}
