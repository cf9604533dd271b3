import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { nodePostgres } from "../../drivers/node-postgres.js";
import { long, tellProgress } from "../../testing/long.js";
import { compileProgram } from "../../testing/server/fixtures/programs.js";
import { applyRuntimeTables, createTestDatabase, type TestDatabase } from "../../testing/server/test-database.js";
import { slotOf } from "../hash.js";
import { outboxSlots } from "../tables.js";
import type { RelayMessage } from "./message.js";
import { createRelay, type Relay, type RelayOptions } from "./relay.js";
import { claimItem, claimMessages } from "./sql/claim-messages.js";
import { relayNames } from "./sql/relay-names.js";

let database: TestDatabase;
let pool: pg.Pool;
const relays: Relay[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  await applyRuntimeTables(database.url);
  pool = new pg.Pool({ connectionString: database.url, pipeline: true, max: 8 });
});
beforeEach(() => pool.query("truncate usecase_outbox, usecase_outbox_dead, usecase_relay_slot restart identity"));
afterEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

function relay(options: Omit<RelayOptions, "driver">): Relay {
  const made = createRelay({ driver: nodePostgres(pool), pollMs: 20, backoff: () => 0, ...options });
  relays.push(made);
  return made;
}

interface Given {
  readonly key: string;
  readonly number?: number;
  readonly kind?: string;
  readonly tenantId?: string;
  readonly maxAttempts?: number;
  readonly notBefore?: string;
}

/** Puts messages into the outbox as one commit does, in this order. */
async function send(messages: readonly Given[]): Promise<void> {
  const rows = messages.map(({ key, number = 0, kind = "event", tenantId = "t", maxAttempts = null, notBefore = null }) => ({
    ...{ id: randomUUID(), kind, aggregatetype: "Thing", aggregateid: key, slot: slotOf(key, outboxSlots), type: "Happened", version: 2 },
    ...{ payload: { number }, headers: { correlationId: "c" }, tenant_id: tenantId, max_attempts: maxAttempts, not_before: notBefore },
  }));
  const columns = "id, kind, aggregatetype, aggregateid, slot, type, version, payload, headers, tenant_id, max_attempts, not_before";
  await pool.query(
    `insert into usecase_outbox (${columns}) select ${columns} from jsonb_populate_recordset(null::usecase_outbox, $1::jsonb) with ordinality order by ordinality`,
    [JSON.stringify(rows)],
  );
}

const keys = (count: number) => Array.from({ length: count }, (_, index) => `key ${index}`);
/** For every key the numbers 0, 1, 2, …, mixed as they would be. */
const series = (count: number, length: number): readonly Given[] =>
  Array.from({ length }, (_, number) => keys(count).map((key) => ({ key, number }))).flat();
const numberOf = ({ payload }: RelayMessage) => (payload as { number: number }).number;
const upTo = (length: number) => Array.from({ length }, (_, number) => number);

/** Notes deliveries by key. */
function receiver() {
  const received = new Map<string, number[]>();
  return {
    received,
    accept(message: RelayMessage) {
      received.set(message.key, [...(received.get(message.key) ?? []), numberOf(message)]);
    },
    of: (key: string) => received.get(key) ?? [],
  };
}

function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

const left = async () => (await pool.query("select seq from usecase_outbox")).rowCount;

test("a message is handed over as it was sent, and deleted when it is delivered", async () => {
  await send([{ key: "k", number: 7, tenantId: "" }]);
  const messages: RelayMessage[] = [];
  await relay({ deliver: async (message) => void messages.push(message) }).drain();
  expect(messages).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      kind: "event",
      type: "Happened",
      version: 2,
      key: "k",
      tenantId: null,
      payload: { number: 7 },
      headers: { correlationId: "c" },
      attempt: 1,
      createdAt: expect.any(Date),
    },
  ]);
  expect(Math.abs(Date.now() - Number(messages[0]?.createdAt))).toBeLessThan(60_000);
  expect(await left()).toBe(0);
});

test("each key keeps its order although deliveries fail", async () => {
  await send(series(30, 20));
  const { accept, received } = receiver();
  let calls = 0;
  await relay({
    batchSize: 50,
    async deliver(message) {
      await pause(0);
      if (++calls % 7 === 0) throw new Error("refused");
      accept(message);
    },
  }).drain();
  expect(received).toEqual(new Map(keys(30).map((key) => [key, upTo(20)])));
  expect(calls).toBeGreaterThan(650);
  expect(await left()).toBe(0);
});

test("a failed message holds back its key, and nothing else", async () => {
  const same = { key: "a", number: 2 };
  await send([
    { key: "a", number: 1 },
    same,
    { key: "b", number: 3 },
    { ...same, number: 4, tenantId: "other" },
    { ...same, number: 5, kind: "job" },
  ]);
  const delivered: number[] = [];
  let refusing = true;
  const one = relay({
    backoff: () => 3_600_000,
    async deliver(message) {
      if (refusing && numberOf(message) === 1) throw new Error("refused");
      delivered.push(numberOf(message));
    },
  });
  await one.drain();
  expect(delivered.toSorted()).toEqual([3, 4, 5]);
  const { rows } = await pool.query(
    "select attempts, not_before > now() + interval '59 minutes' as later from usecase_outbox order by seq",
  );
  expect(rows).toEqual([
    { attempts: 1, later: true },
    { attempts: 0, later: null },
  ]);

  refusing = false;
  await pool.query("update usecase_outbox set not_before = now() where not_before is not null");
  await one.drain();
  expect(delivered.slice(3)).toEqual([1, 2]);
  expect(one.stats()).toMatchObject({ delivered: 5, failed: 1, dead: 0 });
});

test("a backlog behind a failed message does not hide other keys", async () => {
  await send([...upTo(3_000).map((number) => ({ key: "stuck", number })), { key: "other" }]);
  const { accept, of } = receiver();
  await relay({
    backoff: () => 3_600_000,
    batchSize: 20,
    async deliver(message) {
      if (message.key === "stuck") throw new Error("refused");
      accept(message);
    },
  }).drain();
  expect(of("other")).toEqual([0]);
  expect(await left()).toBe(3_000);
});

test("a claim reads no more of a long backlog than it takes, in the order of the index", async () => {
  await send(keys(20_000).map((key) => ({ key })));
  await pool.query("insert into usecase_relay_slot (slot, owner, until) select n, 'me', 'infinity' from generate_series(0, 63) n");
  await pool.query("vacuum analyze usecase_outbox");
  const [{ text }, parameters] = claimItem(claimMessages(relayNames(undefined), 40), {
    ...{ owner: "me", slots: upTo(outboxSlots), busyLanes: [], limit: 1_000 },
  });
  const { rows } = await pool.query(`explain (analyze, costs off, timing off, format json) ${text}`, parameters as string[]);
  const scans = scansOf(rows[0]["QUERY PLAN"][0].Plan).filter((node) => node["Index Name"] === "usecase_outbox_slot");
  // Forty of each slot, which has more than three hundred.
  expect(scans).toMatchObject([{ "Node Type": "Index Scan", "Actual Rows": 40, "Actual Loops": 64 }]);
});

interface PlanNode extends Record<string, unknown> {
  readonly Plans?: readonly PlanNode[];
}

function scansOf(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(scansOf)];
}

test("messages for later wait without holding anything back", async () => {
  await send([
    { key: "a", number: 1, notBefore: "2100-01-01T00:00:00Z" },
    { key: "a", number: 2 },
    { key: "a", number: 3, notBefore: "2020-01-01T00:00:00Z" },
  ]);
  const { accept, of } = receiver();
  const one = relay({ deliver: async (message) => accept(message) });
  await one.drain();
  expect(of("a")).toEqual([2, 3]);
  await pool.query("update usecase_outbox set not_before = now()");
  await one.drain();
  expect(of("a")).toEqual([2, 3, 1]);
});

test("an attempt is counted before it is made, for the first message of a key", async () => {
  await send([{ key: "a" }, { key: "a" }]);
  let counted: unknown;
  await relay({
    async deliver() {
      counted ??= (await pool.query("select attempts from usecase_outbox order by seq")).rows;
    },
  }).drain();
  expect(counted).toEqual([{ attempts: 1 }, { attempts: 0 }]);
});

const givingUp = async (onDead: "skip" | "halt-key") => {
  await send([
    { key: "a", number: 1 },
    { key: "a", number: 2, maxAttempts: 2 },
    { key: "a", number: 3 },
    { key: "b", number: 4 },
  ]);
  const delivered: number[] = [];
  const attempts: number[] = [];
  const one = relay({
    onDead,
    maxAttempts: 5,
    async deliver(message) {
      if (numberOf(message) === 2) {
        attempts.push(message.attempt);
        throw new Error("never\0");
      }
      delivered.push(numberOf(message));
    },
  });
  await one.drain();
  expect(attempts).toEqual([1, 2]);
  const dead = await pool.query("select payload, attempts, error, aggregateid, type, headers from usecase_outbox_dead");
  expect(dead.rows).toEqual([
    { payload: { number: 2 }, attempts: 2, error: "never\u{fffd}", aggregateid: "a", type: "Happened", headers: { correlationId: "c" } },
  ]);
  return { one, delivered };
};

test("a message that is given up: skipped", async () => {
  const { delivered } = await givingUp("skip");
  expect(delivered.toSorted()).toEqual([1, 3, 4]);
  expect(await left()).toBe(0);
});

test("a message that is given up: halts its key until somebody lets it go", async () => {
  const { one, delivered } = await givingUp("halt-key");
  expect(delivered.toSorted()).toEqual([1, 4]);
  expect(await left()).toBe(2);
  // Tried again as if it were new, it is given up again.
  await pool.query("update usecase_outbox set attempts = 0, not_before = null where not_before is not null");
  await one.drain();
  expect(one.stats().dead).toBe(2);
  await pool.query("delete from usecase_outbox where not_before is not null");
  await one.drain();
  expect(delivered.at(-1)).toBe(3);
  expect(await left()).toBe(0);
});

test("several relays share the slots, and no key is in two hands at once", async () => {
  const { accept, received } = receiver();
  const inFlight = new Set<string>();
  const twice: string[] = [];
  const deliver = async (message: RelayMessage) => {
    if (inFlight.has(message.key)) twice.push(message.key);
    inFlight.add(message.key);
    await pause(1);
    accept(message);
    inFlight.delete(message.key);
  };
  const both = [relay({ deliver, leaseMs: 300 }), relay({ deliver, leaseMs: 300 })];
  for (const one of both) one.start();
  // One that has begun alone gives half of it back.
  await expect.poll(() => both.map((one) => one.stats().slots)).toEqual([32, 32]);
  await send(series(40, 25));
  await both[0]?.drain();
  expect(twice).toEqual([]);
  expect(received).toEqual(new Map(keys(40).map((key) => [key, upTo(25)])));
  expect(both.map((one) => one.stats().delivered > 100)).toEqual([true, true]);
  const third = relay({ deliver, leaseMs: 300 });
  third.start();
  await expect.poll(() => [...both, third].map((one) => one.stats().slots).toSorted()).toEqual([20, 22, 22]);
  await third.stop();
  await expect.poll(() => both.map((one) => one.stats().slots)).toEqual([32, 32]);
});

const killing = long ? { kills: 50, keys: 50, length: 1_000 } : { kills: 3, keys: 20, length: 50 };

test(`what killed processes held is delivered by others, in order: ${killing.kills} times`, { timeout: 600_000 }, async () => {
  const { kills, length } = killing;
  const names = keys(killing.keys);
  await send(series(names.length, length));
  const program = await compileProgram(new URL("../../testing/server/fixtures/relay-process.ts", import.meta.url));
  const deliveries = new Map<string, number[]>(names.map((key) => [key, []]));
  const share = Math.floor((names.length * length) / (kills + 1));
  for (let kill = 0; kill < kills; kill++) {
    const { child, killed } = program.start(database.url);
    let lines = 0;
    for await (const line of createInterface(child.stdout ?? expect.fail())) {
      const [, key = "", number] = /^(.*) (\d+)$/.exec(line) ?? [];
      deliveries.get(key)?.push(Number(number));
      if (++lines === share) child.kill("SIGKILL");
    }
    await killed;
    if (kill % 10 === 9) tellProgress(`${kill + 1} relays killed, ${await left()} messages left`);
  }
  await program.remove();
  expect(await left()).toBeGreaterThan(0);
  await relay({ deliver: async (message) => void deliveries.get(message.key)?.push(numberOf(message)), leaseMs: 1_000 }).drain();
  expect(await left()).toBe(0);
  // Whoever leaves out repetitions, as receivers do, has each message once and in order.
  for (const numbers of deliveries.values()) expect([...new Set(numbers)]).toEqual(upTo(length));
  if (long) {
    const count = [...deliveries.values()].flat().length;
    // biome-ignore lint/suspicious/noConsole: how often it had to be repeated is what the long form has to say
    console.log(`${kills} kills over ${names.length * length} messages: ${count} deliveries`);
  }
});

test("a relay that has lost its slot neither deletes nor goes on", async () => {
  await send([
    { key: "a", number: 1 },
    { key: "a", number: 2 },
  ]);
  const numbers: number[] = [];
  const { opened: losing, open: lost } = gate();
  const one = relay({
    leaseMs: 600,
    async deliver(message) {
      numbers.push(numberOf(message));
      if (numbers.length > 1) return;
      await pool.query(
        "update usecase_relay_slot set owner = 'another', epoch = epoch + 1, until = now() + interval '1 hour' where slot >= 0",
      );
      lost();
      // Until it has tried to renew, and knows.
      await expect.poll(() => one.stats().slots).toBe(0);
    },
  });
  one.start();
  await losing;
  await expect.poll(() => one.stats().inHand).toBe(0);
  await one.stop();
  expect(numbers).toEqual([1]);
  expect((await pool.query("select attempts from usecase_outbox order by seq")).rows).toEqual([{ attempts: 1 }, { attempts: 0 }]);
  expect((await pool.query("select distinct owner from usecase_relay_slot where slot >= 0")).rows).toEqual([{ owner: "another" }]);
});

test("stop() finishes what has begun, and gives the slots back", async () => {
  await send(series(5, 3));
  const { accept, received } = receiver();
  const { opened, open } = gate();
  let begun = 0;
  const one = relay({
    async deliver(message) {
      begun++;
      await opened;
      accept(message);
    },
  });
  one.start();
  await expect.poll(() => begun).toBe(5);
  const stopped = one.stop();
  open();
  await stopped;
  expect(received).toEqual(new Map(keys(5).map((key) => [key, [0]])));
  expect(await left()).toBe(10);
  expect((await pool.query("select slot from usecase_relay_slot where owner is not null or slot < 0")).rows).toEqual([]);
  expect(one.stats()).toMatchObject({ running: false, slots: 0, inHand: 0, delivered: 5 });
  await one.drain();
  expect(received).toEqual(new Map(keys(5).map((key) => [key, [0, 1, 2]])));
});

test("a drain that is cut short by stop() says so", async () => {
  await send([{ key: "a" }, { key: "a" }]);
  const { opened, open } = gate();
  const one = relay({ deliver: () => opened });
  const draining = one.drain();
  draining.catch(() => {});
  await expect.poll(() => one.stats().inHand).toBe(2);
  const stopped = one.stop();
  open();
  await stopped;
  await expect(draining).rejects.toThrow("stopped");
});

test("it goes on after its connections were ended", async () => {
  await send(series(10, 30));
  const { accept, received } = receiver();
  let calls = 0;
  await relay({
    batchSize: 10,
    async deliver(message) {
      if (++calls % 40 === 0)
        await pool.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
        );
      accept(message);
    },
  }).drain();
  for (const key of keys(10)) {
    // At least once: a message whose deletion got lost comes again, in its order.
    expect([...new Set(received.get(key))]).toEqual(upTo(30));
  }
  expect(await left()).toBe(0);
});
