import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../../testing/server/fixtures/database.js";
import { testUseCase } from "../../testing/server/fixtures/use-case.js";
import type { Actor } from "../context.js";
import { createUseCaseCore, type UseCaseCore } from "../core.js";
import type { TriggeredByEvent, TriggeredBySchedule } from "../definition.js";
import type { Definition, Fields } from "../internals.js";
import type { RelayMessage } from "./message.js";
import { createRelay, type RelayOptions } from "./relay.js";

let database: RuntimeDatabase;
let core: UseCaseCore;
beforeAll(async () => {
  database = await openRuntimeDatabase(6);
  core = createUseCaseCore({ driver: database.driver, authorizer: { authorize: () => true } });
});
afterAll(() => database.close());
beforeEach(async () => {
  for (const table of ["usecase_outbox", "usecase_outbox_dead", "usecase_schedule"]) await database.rows(`delete from ${table}`);
});

const keyed = { key: "caller", scope: "tenant", retentionSeconds: 60 } as const;
const message = { given: ["orderId"] as const, key: ({ payload }: { payload: Fields }) => String(payload["orderId"]) };

const close = testUseCase(
  { name: "CloseOrder", events: { OrderClosed: { ...message, version: 2 } }, jobs: { Capture: message } },
  ({ command: { orderId } }) => ({ result: {}, events: { OrderClosed: { orderId } }, jobs: { Capture: { orderId } } }),
);

interface Started {
  readonly command: Fields;
  readonly actor: Actor;
}

/** A use case that notes how it was started. */
function started(name: string, triggers: NonNullable<Definition["triggers"]>, more: Partial<Definition> = {}) {
  const calls: Started[] = [];
  const useCase = testUseCase({ name, idempotency: keyed, triggers, ...more }, ({ command, actor }) => {
    calls.push({ command, actor });
    return { result: {} };
  });
  return { useCase, calls };
}

const audited = (useCase: string) =>
  database.rows<{ key: string; causation: string; correlation: string; tenant: string; actor: Actor }>(
    `select idempotency_key "key", causation_id causation, correlation_id correlation, tenant_id tenant, actor
     from usecase_audit where use_case = $1 and outcome = 'committed'`,
    [useCase],
  );

const relayOf = (options: Partial<RelayOptions>) =>
  createRelay({ driver: database.driver, core, pollMs: 20, backoff: () => 0, ...options } as RelayOptions);

async function closeOrder() {
  const [orderId, tenantId] = [randomUUID(), `t-${randomUUID()}`];
  const actor = { type: "user", id: "u-1", tenantId };
  await core.execute(close, { orderId }, { actor, correlationId: "c-1" });
  return { orderId, tenantId, actor };
}

test("an event and a job start use cases, with the message as key and cause", async () => {
  const byEvent = started("Notify", [
    { event: "OrderClosed", version: 2, command: ({ event }: TriggeredByEvent<Fields>) => ({ id: event.id, of: event.payload }) },
  ]);
  const byJob = started("CaptureIt", [{ job: "Capture" }]);
  const other = started("Other", [{ event: "OrderClosed", version: 1 }]);
  const { orderId, tenantId } = await closeOrder();
  const delivered: RelayMessage[] = [];
  const useCases = { notify: byEvent.useCase, capture: byJob.useCase, other: other.useCase };
  await relayOf({ useCases, deliver: async (each) => void delivered.push(each) }).drain();

  // Events go to destinations as well; a job that starts a use case is done.
  expect(delivered).toMatchObject([{ kind: "event", type: "OrderClosed" }]);
  expect(other.calls).toEqual([]);
  expect(byJob.calls).toEqual([
    { command: { orderId }, actor: { type: "system", id: "Capture", tenantId, onBehalfOf: { type: "user", id: "u-1" } } },
  ]);
  const [event] = delivered;
  expect(byEvent.calls).toMatchObject([{ command: { id: event?.id, of: { orderId } }, actor: { type: "system", id: "OrderClosed" } }]);
  expect(await audited("Notify")).toMatchObject([{ key: event?.id, causation: event?.id, correlation: "c-1", tenant: tenantId }]);
});

test("a message that comes again starts nothing twice, where another of its receivers has failed", async () => {
  const { useCase, calls } = started("NotifyOnce", [{ event: "OrderClosed", version: 2 }]);
  await closeOrder();
  const deliver = vi.fn<(message: RelayMessage) => Promise<void>>().mockRejectedValueOnce(new Error("the bus is away")).mockResolvedValue();
  const got: string[] = [];
  await relayOf({
    useCases: { useCase },
    destinations: {
      bus: { deliver },
      jobs: { accepts: ({ kind }) => kind === "job", deliver: async ({ type }) => void got.push(type) },
    },
  }).drain();
  expect(calls).toHaveLength(1);
  expect(got).toEqual(["Capture"]);
  // By default a destination takes events, and jobs that nobody else does.
  expect(deliver.mock.calls.map(([{ kind, attempt }]) => [kind, attempt]).toSorted()).toEqual(
    [
      ["event", 1],
      ["event", 2],
      ["job", 1],
    ].toSorted(),
  );
});

test("what a trigger ignores counts as delivered; any other refusal is tried again, and ends as a dead letter", async () => {
  const errors: Definition["errors"] = { Closed: { kind: "conflict", message: "Closed." } };
  const refusing = (name: string, ignore: readonly "Closed"[]) =>
    testUseCase({ name, idempotency: keyed, errors, triggers: [{ job: "Capture", ignore }] as never }, (input) =>
      (input["reject"] as (code: string) => never)("Closed"),
    );
  await closeOrder();
  await relayOf({ useCases: { a: refusing("Ignoring", ["Closed"]) }, deliver: async () => {} }).drain();
  expect((await core.deadLetters.list()).items).toEqual([]);
  await closeOrder();
  await relayOf({ useCases: { a: refusing("Insisting", []) }, deliver: async () => {}, maxAttempts: 2 }).drain();
  expect((await core.deadLetters.list()).items).toMatchObject([{ message: { type: "Capture", attempt: 2 }, error: "Closed." }]);
});

test("receivers must be complete, and nobody must do a job twice", () => {
  const { useCase } = started("Alone", [{ job: "Capture" }]);
  const { driver } = database;
  expect(() => createRelay({ driver, useCases: { useCase } })).toThrow("needs the core");
  expect(() => createRelay({ driver, core, useCases: { close } })).toThrow("that have triggers");
  expect(() => createRelay({ driver, core, useCases: { useCase }, jobs: { Capture: async () => {} } })).toThrow(
    "has a handler, and is a trigger too",
  );
  const nightly = started("Nightly", [{ schedule: "0 3 * * *", command: () => ({}) }]);
  expect(() => createRelay({ driver, core, useCases: { nightly: nightly.useCase } })).toThrow("give createRelay `tenants`");
});

// ---------------------------------------------------------------------------------------------------------- schedules

const at = (time: string) => new Date(`2026-03-10T${time}Z`);
const scheduled = (name: string, more: object = {}, definition: Partial<Definition> = {}) =>
  started(name, [{ schedule: "*/5 * * * *", command: ({ slot }: { slot: Date }) => ({ slot: slot.toISOString() }), ...more }], {
    tenant: undefined as never,
    ...definition,
  });
const slots = (calls: readonly Started[]) => calls.map(({ command }) => String(command["slot"]).slice(11, 16)).toSorted();

/** Runs relays side by side until nothing is due, at each of the times. */
async function runAt(times: readonly string[], options: Partial<RelayOptions>, relays = 1) {
  for (const time of times) {
    const clock = () => at(time);
    await Promise.all(Array.from({ length: relays }, () => relayOf({ ...options, clock }).drain()));
  }
}

test("each slot starts the use case once, however many relays run; the slot is the key", async () => {
  const { useCase, calls } = scheduled("EveryFive");
  await runAt(["12:01:00", "12:04:59", "12:05:00", "12:05:30", "12:10:10", "12:15:00"], { useCases: { useCase } }, 3);
  expect(slots(calls)).toEqual(["12:05", "12:10", "12:15"]);
  expect(calls[0]?.actor).toEqual({ type: "system", id: "*/5 * * * *" });
  const keys = (await audited("EveryFive")).map(({ key }) => key).toSorted();
  expect(keys).toEqual(["12:05", "12:10", "12:15"].map((time) => `*/5 * * * * 2026-03-10T${time}:00.000Z`));
});

test.each([
  ["latest", {}, ["12:05", "12:30"]],
  ["all", { missed: "all" }, ["12:05", "12:10", "12:15", "12:20", "12:25", "12:30"]],
  ["none", { missed: "none" }, ["12:05"]],
])("slots that pass while no relay runs: %s", async (name, more, expected) => {
  const { useCase, calls } = scheduled(`Missing${name}`, more);
  await runAt(["12:01:00", "12:05:01", "12:33:00"], { useCases: { useCase } });
  expect(slots(calls)).toEqual(expected);
});

test("a schedule goes by its time zone's clock, also where the clocks change", async () => {
  const { useCase, calls } = started(
    "InBerlin",
    [
      {
        schedule: "30 2 * * *",
        timeZone: "Europe/Berlin",
        missed: "all",
        command: ({ slot }: TriggeredBySchedule) => ({ slot: slot.toISOString() }),
      },
    ],
    { tenant: undefined as never },
  );
  for (const time of ["2026-10-23T12:00:00Z", "2026-10-26T12:00:00Z"])
    await relayOf({ useCases: { useCase }, clock: () => new Date(time) }).drain();
  // Half past two comes twice on the 25th, and is one slot.
  expect(calls.map(({ command }) => command["slot"]).toSorted()).toEqual([
    "2026-10-24T00:30:00.000Z",
    "2026-10-25T00:30:00.000Z",
    "2026-10-26T01:30:00.000Z",
  ]);
});

test("a use case of a tenant is started for each tenant; one that fails does not hold back the others", async () => {
  const tenants = [`a-${randomUUID()}`, `b-${randomUUID()}`];
  let failures = 1;
  const { useCase, calls } = started("PerTenant", [{ schedule: "*/5 * * * *", command: () => ({}) }], {
    computedResult: {
      fail({ actor }) {
        if (actor.tenantId === tenants[0] && failures-- > 0) throw new Error("not now");
      },
    },
  });
  await runAt(["12:01:00", "12:05:00", "12:05:02"], { useCases: { useCase }, tenants: async () => tenants });
  expect(calls.map(({ actor }) => actor.tenantId).toSorted()).toEqual([tenants[0], tenants[0], tenants[1]]);
  expect((await audited("PerTenant")).map(({ tenant }) => tenant).toSorted()).toEqual(tenants.toSorted());
});
