import type { HandlerRecord } from "./handler/handler-record.js";

/** What the files of all use cases are made from, of one: kept, so that no run has to look into all of them. */
export interface UseCaseFacts {
  readonly name: string;
  /** What its handler is to be; undefined where it needs none. */
  readonly handler: HandlerRecord | undefined;
  /** That it loads or writes. */
  readonly tables: readonly string[];
  /** The shared types that its command has. */
  readonly types: readonly string[];
  /** The messages that it sends, and those that start it, by their keys. */
  readonly sends: readonly string[];
  readonly startedBy: readonly string[];
}
