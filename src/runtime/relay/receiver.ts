import type { UseCaseCore } from "../core.js";
import type { RelayMessage } from "./message.js";
import { type Job, type JobHandlers, jobRun } from "./run-job.js";

/** Who takes the messages of a relay: handlers for jobs, and `deliver` for all others. */
export interface Receivers<Services = object> {
  /**
   * Hands a message to a bus, a queue, a use case. Resolves when the receiver has it for certain: then it is deleted.
   * A rejection is a failed attempt. One that never settles holds its key for ever, so it should have a time limit.
   * Without `deliver`, every message that no job handler takes is a failed attempt.
   */
  readonly deliver?: ((message: RelayMessage) => Promise<void>) | undefined;
  /** Jobs that this process does itself, by their names. They need `core`. */
  readonly jobs?: JobHandlers<Services> | undefined;
  readonly core?: Pick<UseCaseCore<Services>, "execute"> | undefined;
}

/** Sends each message to who takes it. Throws a TypeError where the receivers are not complete. */
export function receiver<Services>({ deliver, jobs = {}, core }: Receivers<Services>): (message: RelayMessage) => Promise<void> {
  const names = Object.keys(jobs);
  if (deliver === undefined && names.length === 0) throw new TypeError("A relay needs `deliver`, `jobs`, or both.");
  if (core === undefined && names.length > 0) throw new TypeError("A relay with `jobs` needs the core that their handlers call.");
  return async (message) => {
    const handler = message.kind === "job" && Object.hasOwn(jobs, message.type) ? jobs[message.type] : undefined;
    if (handler !== undefined && core !== undefined) {
      // A job's payload is what the spec of this name says; its handler has said so by its parameter's type.
      return handler(message as Job<never>, jobRun(core, message));
    }
    if (deliver === undefined)
      throw new Error(`Nobody takes the ${message.kind} ${message.type}: the relay has no \`deliver\` and no such job.`);
    return deliver(message);
  };
}
