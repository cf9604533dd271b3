import type { Fields } from "../internals.js";

/** An event or a job that a call sends. */
export interface OutgoingMessage {
  readonly kind: "event" | "job";
  readonly id: string;
  readonly type: string;
  readonly version: number;
  /** The ordering key. */
  readonly key: string;
  readonly payload: Fields;
  /** No lock on a row puts the events of this key in order, so that one on the key itself must. */
  readonly needsKeyLock: boolean;
  readonly delaySeconds?: number | undefined;
  readonly at?: Date | undefined;
  readonly maxAttempts?: number | undefined;
  readonly dedupeKey?: string | undefined;
}
