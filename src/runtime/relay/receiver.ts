import type { UseCaseCore } from "../core.js";
import type { AnyUseCase } from "../use-case.js";
import type { RelayMessage } from "./message.js";
import { type Job, type JobHandlers, jobRun } from "./run-job.js";
import { type ErasedCore, runTriggered, startedBy, triggersByMessage, triggersOf } from "./triggers.js";

/** Somewhere that messages go: a bus, a queue, a webhook. */
export interface Destination {
  /** Default: every event, and every job that neither a use case nor a handler takes. */
  accepts?(message: RelayMessage): boolean;
  /**
   * Resolves when the receiver has it for certain. A rejection is a failed attempt. One that never settles holds its key
   * for ever, so it should have a time limit.
   */
  deliver(message: RelayMessage): Promise<void>;
}

/**
 * Who takes the messages of a relay. A message is deleted when all that take it have it; when one of them fails, all get
 * it again: use cases then replay, and the others know it by its id. What nobody takes is a failed attempt.
 */
export interface Receivers<Services = object> {
  /** The use cases whose `triggers` this relay serves: the generated `useCases`. They need `core`. */
  readonly useCases?: Readonly<Record<string, AnyUseCase>> | undefined;
  /** Jobs that this process does itself, by their names. They need `core`. */
  readonly jobs?: JobHandlers<Services> | undefined;
  /** By names for people. */
  readonly destinations?: Readonly<Record<string, Destination>> | undefined;
  /** Short for a single destination. */
  readonly deliver?: ((message: RelayMessage) => Promise<void>) | undefined;
  readonly core?: Pick<UseCaseCore<Services>, "execute"> | undefined;
}

type Take = () => Promise<void>;

/** Sends each message to all who take it. Throws a TypeError where the receivers are not complete. */
export function receiver<Services>(receivers: Receivers<Services>): (message: RelayMessage) => Promise<void> {
  const { jobs = {}, core, useCases = {} } = receivers;
  const destinations = destinationsOf(receivers);
  const triggers = triggersByMessage(triggersOf(Object.values(useCases)));
  const names = Object.keys(jobs);
  if (destinations.length === 0 && names.length === 0 && triggers.size === 0) {
    throw new TypeError("A relay needs `deliver` or `destinations`, `jobs`, or `useCases` that have triggers.");
  }
  if (core === undefined && names.length > 0) throw new TypeError("A relay with `jobs` needs the core that their handlers call.");
  if (core === undefined && triggers.size > 0) throw new TypeError("A relay with `useCases` needs the core that executes them.");
  const twice = names.find((name) => triggers.has(`job ${name}`));
  if (twice !== undefined) throw new TypeError(`The job ${twice} has a handler, and is a trigger too: only one can do it.`);

  const ownTakes = (message: RelayMessage): Take[] => {
    if (core === undefined) return [];
    const handler = message.kind === "job" && Object.hasOwn(jobs, message.type) ? jobs[message.type] : undefined;
    // A job's payload is what the spec of this name says; its handler has said so by its parameter's type.
    if (handler !== undefined) return [() => handler(message as Job<never>, jobRun(core, message))];
    // Whether the core has the services that a use case asks for, the use case says when it is first executed.
    return (triggers.get(startedBy(message)) ?? []).map(
      (triggered) => () => runTriggered(core as unknown as ErasedCore, triggered, message),
    );
  };

  return async (message) => {
    const own = ownTakes(message);
    const accepts = ({ accepts }: Destination) =>
      accepts?.(message) ?? (message.kind === "event" || (message.kind === "job" && own.length === 0));
    const takes = [...own, ...destinations.filter(accepts).map((destination) => () => destination.deliver(message))];
    if (takes.length === 0)
      throw new Error(`Nobody takes the ${message.kind} ${message.type}: no trigger, no job handler and no destination.`);
    const [take] = takes;
    if (take !== undefined && takes.length === 1) return take();
    const results = await Promise.allSettled(takes.map(async (take) => take()));
    const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    if (failures.length > 1) throw new AggregateError(failures, failures.map((failure) => String(failure?.message ?? failure)).join("; "));
    if (failures.length === 1) throw failures[0];
  };
}

function destinationsOf({ deliver, destinations = {} }: Receivers<never>): readonly Destination[] {
  return [...Object.values(destinations), ...(deliver === undefined ? [] : [{ deliver }])];
}
