// A slot of a schedule becomes a row of the outbox: from there on it is delivered like any other message, at least once.
// That each slot is put out once, however many relays there are, is the work of one row per schedule, which says up to
// when its slots have been put out; who changes it from what he has read puts the slots out in the same statement.
import { Cron } from "croner";
import { internalsOf } from "../internals.js";
import type { Driver, Logger } from "../ports.js";
import type { AnyUseCase } from "../use-case.js";
import { uuidV7 } from "../uuid-v7.js";
import type { RelayNames } from "./sql/relay-names.js";
import { type DueSlot, putOutSlots, readSchedules, startSchedules } from "./sql/schedule-slots.js";
import { type ScheduleTrigger, type Triggered, triggersOf } from "./triggers.js";

export interface Schedules {
  /** Infinity where there are no schedules. */
  dueInMs(): number;
  /** Puts the slots that are due into the outbox. */
  putOut(): Promise<void>;
}

interface ScheduleOptions {
  readonly driver: Driver;
  readonly names: RelayNames;
  readonly logger: Logger;
  readonly useCases?: Readonly<Record<string, AnyUseCase>> | undefined;
  readonly tenants?: (() => Promise<readonly string[]>) | undefined;
  readonly clock?: (() => Date) | undefined;
}

/** So many slots of one schedule at once, at most; the others of a long time without a relay follow. */
const slotLimit = 1_000;

/** Throws a TypeError where a use case of a tenant has a schedule and nobody knows the tenants. */
export function schedules({ driver, names, logger, useCases = {}, tenants, clock = () => new Date() }: ScheduleOptions): Schedules {
  const scheduled = triggersOf(Object.values(useCases)).flatMap(({ useCase, trigger }) =>
    "schedule" in trigger ? [scheduleOf({ useCase, trigger })] : [],
  );
  const ofTenants = scheduled.find(({ tenantScoped }) => tenantScoped);
  if (ofTenants !== undefined && tenants === undefined) {
    throw new TypeError(
      `${ofTenants.useCase} belongs to a tenant and has a schedule: give createRelay \`tenants\`, or the spec \`tenant: none\`.`,
    );
  }
  // At first, what was missed is looked for at once.
  let dueAt = scheduled.length === 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;

  return {
    dueInMs: () => dueAt - clock().getTime(),
    async putOut() {
      const now = clock();
      const [, read] = await driver.session((session) =>
        session.burst([
          startSchedules(
            names,
            scheduled.map(({ name }) => name),
            now,
          ),
          readSchedules(names),
        ]),
      );
      const last = new Map((read?.rows ?? []).map(([name, slot]) => [name, slot ?? ""]));
      let nextAt = Number.POSITIVE_INFINITY;
      for (const schedule of scheduled) {
        const from = last.get(schedule.name);
        if (from === undefined) continue;
        const { slots, upTo } = schedule.between(new Date(from), now);
        nextAt = Math.min(nextAt, schedule.next(upTo ?? now));
        if (upTo === undefined) continue;
        const owners = !schedule.tenantScoped ? [""] : slots.length === 0 ? [] : ((await tenants?.()) ?? []);
        const due = slots.flatMap((slot) =>
          owners.map((tenantId): DueSlot => ({ id: uuidV7(), useCase: schedule.useCase, schedule: schedule.cron, tenantId, slot })),
        );
        await driver.session((session) => session.burst([putOutSlots(names, { name: schedule.name, from, upTo }, due)]));
        if (due.length > 0) logger.debug(`Put out slots of ${schedule.name}`, { slots });
      }
      dueAt = nextAt;
    },
  };
}

function scheduleOf({ useCase, trigger: { schedule: cron, timeZone = "UTC", missed } }: Triggered<ScheduleTrigger>) {
  const pattern = new Cron(cron, { timezone: timeZone, paused: true });
  const next = (after: Date) => pattern.nextRun(after)?.getTime() ?? Number.POSITIVE_INFINITY;
  return {
    name: `${useCase.name} ${cron}`,
    useCase: useCase.name,
    cron,
    tenantScoped: internalsOf(useCase).definition.tenant !== undefined,
    next,
    /** The slots after a moment up to another that are to be put out, and the last that has passed, if one has. */
    between(after: Date, upTo: Date): { readonly slots: readonly Date[]; readonly upTo: Date | undefined } {
      if (missed === "all") {
        const slots: Date[] = [];
        for (let at = next(after); at <= upTo.getTime() && slots.length < slotLimit; at = next(new Date(at))) slots.push(new Date(at));
        return { slots, upTo: slots.at(-1) };
      }
      // One second on, because what comes before a moment is not the moment itself.
      const [latest] = pattern.previousRuns(1, new Date(upTo.getTime() + 1_000));
      if (latest === undefined || latest <= after) return { slots: [], upTo: undefined };
      const isMissed = upTo.getTime() - latest.getTime() > punctualMs;
      return { slots: missed === "none" && isMissed ? [] : [latest], upTo: latest };
    },
  };
}

/** A slot is no missed one for as long as this. */
const punctualMs = 60_000;
