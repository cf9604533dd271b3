import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { moveInventory } from "../testing/server/fixtures/move-inventory.js";
import { noon, stockedTenant } from "../testing/server/fixtures/stock.js";
import { testUseCase } from "../testing/server/fixtures/use-case.js";
import { createUseCaseCore } from "./core.js";
import { DatabaseError } from "./database-error.js";
import type { CallEnd, ObservedDelivery, Observer } from "./observer.js";
import type { Driver, Logger } from "./ports.js";
import { createRelay } from "./relay/relay.js";

let database: RuntimeDatabase;
beforeAll(async () => {
  database = await openRuntimeDatabase();
});
afterAll(() => database.close());

/** Writes down what it is told. */
function notebook() {
  const lines: string[] = [];
  const ends: CallEnd[] = [];
  const told: unknown[] = [];
  const observer: Observer = {
    onCall(call) {
      told.push(call);
      return {
        onStage(stage, attempt) {
          lines.push(`${stage} ${attempt}`);
          return ({ failure, durationMs }) => {
            lines.push(`/${stage}${failure === undefined ? "" : ` ${(failure as { code?: string }).code ?? "failed"}`}`);
            expect(durationMs).toBeGreaterThanOrEqual(0);
          };
        },
        onEnd(end) {
          ends.push(end);
          told.push({ ...end, failure: undefined });
        },
      };
    },
  };
  return { lines, ends, told, observer };
}

const coreWith = (observer: Observer, driver: Driver = database.driver, logger?: Logger) =>
  createUseCaseCore({ driver, observer, logger, authorizer: { authorize: ({ actor }) => actor.id !== "stranger" }, clock: () => noon });

const move = moveInventory();
const upToLoad = ["validate 0", "/validate", "permissions 0", "/permissions", "begin 1", "/begin", "load 1"];
const whole = [
  ...upToLoad,
  ...["/load", "policies 1", "/policies", "transitions 1", "/transitions", "apply 1", "/apply", "write 1", "/write"],
];

test("the stages of a call, in their order, and how it ended", async () => {
  const { command, context } = await stockedTenant(database);
  const { lines, ends, observer } = notebook();
  const core = coreWith(observer);
  await core.execute(move, command, context);
  expect(lines).toEqual(whole);
  expect(ends).toMatchObject([{ outcome: "done", code: undefined, attempts: 1, durationMs: expect.any(Number) }]);

  lines.length = 0;
  await core.execute(move, command, context);
  expect(lines).toEqual(whole.slice(0, 6));
  expect(ends[1]).toMatchObject({ outcome: "replayed", attempts: 1 });
});

test("waiting for a lock is in the stage that takes it", async () => {
  const { sourceId, command, context } = await stockedTenant(database);
  const times = new Map<string, number>();
  const observer: Observer = {
    onCall: () => ({
      onStage:
        (stage) =>
        ({ durationMs }) =>
          void times.set(stage, durationMs),
    }),
  };
  const other = new pg.Client({ connectionString: database.url });
  await other.connect();
  await other.query("begin");
  await other.query("select 1 from balances where id = $1 for update", [sourceId]);
  const call = coreWith(observer).execute(move, command, context);
  const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  await expect.poll(() => database.rows(waiting)).toHaveLength(1);
  await pause(100);
  await other.query("rollback");
  await other.end();
  await call;
  expect(times.get("begin")).toBeGreaterThanOrEqual(95);
});

test.each<[string, object, object, string, string, number]>([
  ["an invalid command", { quantity: "x" }, {}, "/validate ValidationFailed", "ValidationFailed", 0],
  ["a permission", {}, { actor: { type: "user", id: "stranger", tenantId: "t" } }, "/permissions Forbidden", "Forbidden", 0],
  [
    "a row that is not there",
    { fromLocationId: "00000000-0000-0000-0000-000000000000" },
    {},
    "/load BalanceNotFound",
    "BalanceNotFound",
    1,
  ],
  ["a policy", { quantity: 1_000 }, {}, "/policies InsufficientStock", "InsufficientStock", 1],
])("refused by %s", async (_, change, other, last, code, attempts) => {
  const { command, context } = await stockedTenant(database);
  const { lines, ends, observer } = notebook();
  await coreWith(observer).tryExecute(move, { ...command, ...change }, { ...context, ...other });
  expect(lines.at(-1)).toBe(last);
  expect(ends).toMatchObject([{ outcome: "refused", code, attempts }]);
});

test("a failure", async () => {
  const { command, context } = await stockedTenant(database);
  const { lines, ends, observer } = notebook();
  const broken = moveInventory(() => {
    throw new Error("a bug");
  });
  await expect(coreWith(observer).execute(broken, command, context)).rejects.toThrow("a bug");
  expect(lines.at(-1)).toBe("/apply failed");
  expect(ends).toMatchObject([{ outcome: "failed", code: undefined, failure: { message: "a bug" } }]);
});

test("a transaction that is run again, and one that never comes to its end", async () => {
  const { command, context } = await stockedTenant(database);
  let failures = 2;
  const failing = (error: DatabaseError): Driver => ({
    ...database.driver,
    session: (work) =>
      database.driver.session((session) =>
        work({
          burst(items) {
            if (failures-- > 0) throw error;
            return session.burst(items);
          },
        }),
      ),
  });
  const first = notebook();
  const conflict = new DatabaseError("could not serialize", { sqlState: "40001", connectionLost: false });
  await coreWith(first.observer, failing(conflict)).execute(move, command, context);
  expect(first.ends).toMatchObject([{ outcome: "done", attempts: 2 }]);
  expect(first.lines).toContain("begin 2");

  failures = 9;
  const second = notebook();
  const lost = new DatabaseError("gone", { connectionLost: true });
  const context2 = { ...context, idempotencyKey: "another" };
  await coreWith(second.observer, failing(lost)).tryExecute(move, command, context2);
  expect(second.ends).toMatchObject([{ outcome: "failed", code: "Unavailable", attempts: 1 }]);
});

test("a query", async () => {
  const { context } = await stockedTenant(database);
  const { lines, ends, told, observer } = notebook();
  const query = testUseCase({ name: "Look", query: true }, () => ({ result: { n: 1 } }));
  await coreWith(observer).execute(query, {}, context);
  expect(lines.filter((line) => !line.startsWith("/"))).toEqual([
    "validate 0",
    "permissions 0",
    "load 1",
    "policies 1",
    "apply 1",
    "write 1",
  ]);
  expect(ends).toMatchObject([{ outcome: "done", attempts: 1 }]);
  expect(told[0]).toEqual({ useCase: "Look", query: true, correlationId: "c-1", requestId: undefined, traceparent: undefined });
});

test("it is told no payload", async () => {
  const { tenantId, command, context } = await stockedTenant(database);
  const { told, observer } = notebook();
  await coreWith(observer).execute(move, command, context);
  const text = JSON.stringify(told);
  for (const secret of ["Mrs Miller", command.fromLocationId, tenantId, "u-1", "refill"]) expect(text).not.toContain(secret);
});

test("what an observer throws is logged, and changes nothing", async () => {
  const { command, context } = await stockedTenant(database);
  const warnings: string[] = [];
  const logger: Logger = { debug() {}, info() {}, error() {}, warn: (message) => void warnings.push(message) };
  const fail = () => {
    throw new Error("no");
  };
  const observers: Observer[] = [
    { onCall: fail },
    { onCall: () => ({ onStage: fail, onEnd: fail }) },
    { onCall: () => ({ onStage: () => fail }) },
    { onCall: () => undefined },
    {},
  ];
  for (const observer of observers) {
    const core = coreWith(observer, database.driver, logger);
    await expect(
      core.execute(move, { ...command, quantity: 1 }, { ...context, idempotencyKey: crypto.randomUUID() }),
    ).resolves.toMatchObject({
      replayed: false,
    });
  }
  // 1, then eight stages and the end, then the ends of eight stages.
  expect(warnings).toHaveLength(1 + 9 + 8);
});

test("deliveries", async () => {
  await database.rows("truncate usecase_outbox");
  const { command, context } = await stockedTenant(database);
  await coreWith({}).execute(move, command, { ...context, traceparent: "00-1-2-01" });
  const seen: ObservedDelivery[] = [];
  const relay = createRelay({
    driver: database.driver,
    pollMs: 10,
    backoff: () => 0,
    maxAttempts: 2,
    deliver: () => Promise.reject(new Error("no")),
    observer: {
      onDelivery(delivery) {
        seen.push(delivery);
        throw new Error("also no");
      },
    },
  });
  await relay.drain();
  const common = {
    kind: "event",
    type: "InventoryMoved",
    traceparent: "00-1-2-01",
    durationMs: expect.any(Number),
    ageMs: expect.any(Number),
  };
  expect(seen).toEqual([
    { ...common, outcome: "failed", attempt: 1 },
    { ...common, outcome: "dead", attempt: 2 },
  ]);
});
