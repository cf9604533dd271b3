import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { silentLogger } from "../logger.js";
import type { Observer } from "../observer.js";
import type { Driver, Logger } from "../ports.js";
import { alarm } from "./alarm.js";
import { defaultBackoff } from "./backoff.js";
import { claimDepth } from "./claim-depth.js";
import type { ClaimedMessage } from "./message.js";
import { messagesInHand } from "./messages-in-hand.js";
import { observedDelivery } from "./observed-delivery.js";
import { type Receivers, receiver } from "./receiver.js";
import { schedules } from "./schedules.js";
import { slotLeases } from "./slot-leases.js";
import { slotPace } from "./slot-pace.js";
import { claimItem, claimMessages, isAnythingDeliverable, readClaimed } from "./sql/claim-messages.js";
import { relayNames } from "./sql/relay-names.js";
import { type OnDead, type Outcome, settleItems, settleStatements } from "./sql/settle-messages.js";

export interface RelayOptions<Services = object> extends Receivers<Services> {
  readonly driver: Driver;
  /** The Postgres schema of the runtime's own tables; default: where the search path leads. */
  readonly schema?: string | undefined;
  /**
   * The tenants, for schedules of use cases that belong to one: each slot is a call per tenant. Asked at every slot.
   */
  readonly tenants?: (() => Promise<readonly string[]>) | undefined;
  /** Default: the system's. Schedules go by it. */
  readonly clock?: (() => Date) | undefined;
  /** A name for people, in the table of slots; default: the host's. */
  readonly owner?: string | undefined;
  /** How many messages are in hand at once, at most; default 100. */
  readonly batchSize?: number | undefined;
  /** How long an idle relay waits before it looks again, in milliseconds, at most; default 1,000. */
  readonly pollMs?: number | undefined;
  /** How long a relay that died keeps its slots, in milliseconds; default 15,000. */
  readonly leaseMs?: number | undefined;
  /** Attempts before a message is given up, unless it says so itself; default 20. */
  readonly maxAttempts?: number | undefined;
  /** Milliseconds to wait after so many failed attempts; default: from half a second on, doubling up to five minutes. */
  readonly backoff?: ((attempt: number) => number) | undefined;
  /**
   * What follows a message that was given up, which is then in `core.deadLetters`: `halt-key`, the default, delivers
   * nothing more of its key until the message is retried or discarded; `skip` goes on with the next one.
   */
  readonly onDead?: OnDead | undefined;
  readonly logger?: Logger | undefined;
  /** Is told of each delivery: for metrics. */
  readonly observer?: Pick<Observer, "onDelivery"> | undefined;
}

export interface RelayStats {
  readonly running: boolean;
  /** Leased slots, of 64. */
  readonly slots: number;
  readonly inHand: number;
  /** Since the relay was made. */
  readonly delivered: number;
  readonly failed: number;
  readonly dead: number;
}

export interface Relay {
  start(): void;
  /** Finishes the deliveries that have begun, and gives back its slots. */
  stop(): Promise<void>;
  /** Resolves when no message is due any more; starts the relay for that time if it is not running. */
  drain(): Promise<void>;
  /** Looks for messages at once: after a commit in this process. */
  wake(): void;
  stats(): RelayStats;
}

/**
 * Delivers the events and jobs that use cases committed: at least once, and those of one kind, tenant and key in the
 * order of their commits. Any number of relays share the work; what one of them held when it died is taken over.
 * @example const relay = createRelay({ driver, deliver: (message) => bus.publish(message.type, message) });
 * @example const relay = createRelay({ driver, core, useCases, destinations: { bus: { deliver } } });
 * @example const relay = createRelay({ driver, core, jobs: { ReplenishLocation: (job, run) => … }, deliver });
 */
export function createRelay<Services = object>(options: RelayOptions<Services>): Relay {
  const deliver = receiver(options);
  const { driver, batchSize = 100, pollMs = 1_000, leaseMs = 15_000, maxAttempts = 20, onDead = "halt-key" } = options;
  const { backoff = defaultBackoff, logger = silentLogger } = options;
  const names = relayNames(options.schema);
  // Never the same for two relays, whatever they are called.
  const owner = `${options.owner ?? hostname()} ${randomUUID()}`;
  const leases = slotLeases(driver, names, owner, leaseMs);
  const schedule = schedules({ ...options, names, logger });
  const depth = claimDepth((perSlot) => claimMessages(names, perSlot), batchSize);
  const statements = { settle: settleStatements(names, onDead), deliverable: isAnythingDeliverable(names) };
  const pace = slotPace(pollMs);
  const bell = alarm();
  const total = { delivered: 0, failed: 0, dead: 0 };

  let running: Promise<void> | undefined;
  let stopping = false;
  const outcomes: Outcome[] = [];
  const drains: { resolve(): void; reject(failure: Error): void }[] = [];

  const inHand = messagesInHand(async (claimed) => {
    // Somebody else may have it by now.
    if (stopping || !leases.isHeld(claimed.slot, claimed.epoch)) return false;
    const outcome = await observed(claimed, attempt);
    total[outcome.is]++;
    outcomes.push(outcome);
    return outcome.is === "delivered" || (outcome.is === "dead" && onDead === "skip");
  }, laneEnded);

  function laneEnded(slot: number) {
    pace.hurry(slot);
    bell.ring();
  }

  const observed = observedDelivery(options.observer, logger);

  async function attempt(claimed: ClaimedMessage): Promise<Outcome> {
    const { message } = claimed;
    try {
      await deliver(message);
      return { is: "delivered", claimed };
    } catch (failure) {
      const error = failure instanceof Error ? failure.message : String(failure);
      const { id, type, key, attempt } = message;
      if (attempt >= (claimed.maxAttempts ?? maxAttempts)) {
        logger.error(`Gave up the ${message.kind} ${type}`, { id, key, attempt, error });
        return { is: "dead", claimed, error };
      }
      const retryInSeconds = Math.max(backoff(attempt), 0) / 1000;
      logger.warn(`Could not deliver the ${message.kind} ${type}`, { id, key, attempt, error, retryInSeconds });
      return { is: "failed", claimed, retryInSeconds };
    }
  }

  /** Stores what became of deliveries, and claims more; how many came. */
  async function exchange(): Promise<number> {
    const settling = [...outcomes];
    const ended = inHand.endedLanes();
    const limit = stopping ? 0 : batchSize - inHand.count();
    const settle = settleItems(statements.settle, owner, settling);
    const slots = limit > 0 ? pace.due(leases.slots()) : [];
    const claim = slots.length > 0 ? [claimItem(depth.statement(), { owner, slots, busyLanes: inHand.busyLanes(), limit })] : [];
    const items = [...settle, ...claim];
    const results = items.length === 0 ? [] : await driver.session((session) => session.burst(items));
    outcomes.splice(0, settling.length);
    inHand.forget(ended);
    const claimed = (claim.length === 0 ? [] : (results.at(-1)?.rows ?? [])).map(readClaimed);
    inHand.take(claimed);
    const found = new Set(claimed.map(({ slot }) => slot));
    // Of a full batch nothing is known about the slots that are not in it.
    pace.looked(found, claimed.length < limit ? slots.filter((slot) => !found.has(slot)) : [], inHand.isBusy);
    depth.adapt(claimed, limit);
    return claimed.length;
  }

  const isDrained = async () => {
    if (schedule.dueInMs() <= 0) return false;
    if (inHand.count() > 0 || outcomes.length > 0) return false;
    const [answer] = await driver.session((session) => session.burst([[statements.deliverable, []]]));
    return answer?.rows[0]?.[0] === "f";
  };

  /** One that is due and could not be put out waits as long as everything else. */
  const scheduleWait = () => {
    const due = schedule.dueInMs();
    return due > 0 ? due : Number.POSITIVE_INFINITY;
  };

  /** Until told to stop, and nothing is in hand any more. */
  async function run(): Promise<void> {
    let pause = shortestPause;
    let renewAt = 0;
    while (!stopping || inHand.count() > 0 || outcomes.length > 0) {
      try {
        if (performance.now() >= renewAt) {
          renewAt = performance.now() + leaseMs / 3;
          await leases.renew(inHand.isBusy);
        }
        if (!stopping && schedule.dueInMs() <= 0) await schedule.putOut();
        const claimed = await exchange();
        pause = claimed > 0 ? shortestPause : Math.min(pause * 2, pollMs);
        if (claimed === 0 && drains.length > 0) {
          pause = shortestPause;
          pace.hurry();
          if (await isDrained()) for (const drain of drains.splice(0)) drain.resolve();
        }
      } catch (failure) {
        // The database is away, say: what was delivered stays known, and what is held runs out in its own time.
        logger.warn("The relay could not reach the outbox", { error: failure });
        pause = Math.min(Math.max(pause * 2, 50), pollMs);
        if (stopping && inHand.count() === 0) break;
      }
      await bell.wait(Math.min(pause, Math.max(renewAt - performance.now(), 0), scheduleWait()));
    }
    await leases.release().catch((error: unknown) => logger.warn("The relay could not give back its slots", { error }));
  }

  const start = () => {
    if (stopping) throw new Error("The relay is stopping; wait for stop() before it starts again.");
    running ??= run().finally(() => {
      running = undefined;
      stopping = false;
      for (const drain of drains.splice(0)) drain.reject(new Error("The relay was stopped."));
    });
  };
  const stop = async () => {
    if (running === undefined) return;
    stopping = true;
    bell.ring();
    await running;
  };
  const wake = () => {
    pace.hurry();
    bell.ring();
  };
  return {
    start,
    stop,
    async drain() {
      const wasRunning = running !== undefined;
      start();
      const done = new Promise<void>((resolve, reject) => drains.push({ resolve, reject }));
      wake();
      await done;
      if (!wasRunning) await stop();
    },
    wake,
    stats: () => ({ running: running !== undefined, slots: leases.slots().length, inHand: inHand.count(), ...total }),
  };
}

/** In milliseconds. */
const shortestPause = 10;
