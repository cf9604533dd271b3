// Actions and deliveries go on while back ends are ended and the server is stopped or crashes, over and over. Callers do
// what a client does that knows its key: call again until there is an answer.
import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { long, tellProgress } from "../testing/long.js";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { moveInventory } from "../testing/server/fixtures/move-inventory.js";
import { networkDrivers } from "../testing/server/fixtures/network-drivers.js";
import { noon, stockedTenant } from "../testing/server/fixtures/stock.js";
import { type PostgresServer, startPostgresServer } from "../testing/server/postgres-server.js";
import { createUseCaseCore } from "./core.js";
import { UseCaseError } from "./errors.js";
import { createRelay } from "./relay/relay.js";

const actions = long ? 5_000 : 400;
/** Back ends are ended, and the server goes down, each time that so many actions more are done. */
const every = long ? { kill: 100, restart: 500 } : { kill: 50, restart: 150 };
const callers = 16;
const stock = 100_000;
const keys = 20;

let server: PostgresServer;
let database: RuntimeDatabase;
beforeAll(async () => {
  // What was acknowledged survives a crash of the server, as it does where people keep money.
  server = await startPostgresServer({ synchronous_commit: "on" });
  database = await openRuntimeDatabase(2, server.url);
});
afterAll(async () => {
  await database.close();
  await server.stop();
});

/** Until it succeeds: the server may be away. */
async function insist<Value>(work: () => Promise<Value>, mayTryAgain: (failure: unknown) => boolean): Promise<Value> {
  for (;;) {
    try {
      return await work();
    } catch (failure) {
      if (!mayTryAgain(failure)) throw failure;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** Half of the back ends, over a connection of its own. */
async function endBackEnds(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  await client.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend' and random() < 0.5",
  );
  await client.end();
}

describe.each(networkDrivers)("over %s", (name, open) => {
  test(`${actions} actions, each takes effect once and is delivered, in the order of its key`, { timeout: 300_000 }, async () => {
    const [acting, relaying] = [open(database.url, callers), open(database.url, 2)];
    const core = createUseCaseCore({ driver: acting.driver, authorizer: { authorize: () => true }, clock: () => noon });
    const move = moveInventory();
    const places = await Promise.all(Array.from({ length: keys }, () => stockedTenant(database, stock)));
    const deliveries: { readonly key: string; readonly movementId: string; readonly id: string }[] = [];
    const relay = createRelay({
      driver: relaying.driver,
      pollMs: 20,
      leaseMs: 1_000,
      async deliver({ key, id, payload }) {
        deliveries.push({ key, id, movementId: (payload as { movementId: string }).movementId });
      },
    });
    relay.start();

    let done = 0;
    const faults = { kills: 0, restarts: 0, retried: 0 };
    const strike = async () => {
      while (done < actions) {
        const restartDue = done >= (faults.restarts + 1) * every.restart;
        if (restartDue) await server.restart(faults.restarts++ % 2 === 0 ? "immediate" : "fast");
        else if (done >= (faults.kills + 1) * every.kill) await endBackEnds(server.url).then(() => faults.kills++);
        else await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    /** By the movement's id: how much was left at the source. */
    const left = new Map<string, number>();
    let next = 0;
    const call = async () => {
      while (next < actions) {
        const { command, context } = places[next++ % keys] ?? expect.fail();
        const own = { ...context, idempotencyKey: randomUUID() };
        const { result } = await insist(
          () => core.execute(move, { ...command, quantity: 1 }, own),
          (failure) => {
            faults.retried++;
            return failure instanceof UseCaseError && failure.retryable;
          },
        );
        left.set(String(result["movementId"]), Number(result["sourceQuantity"]));
        if (++done % 1_000 === 0) tellProgress(`${name}: ${done} actions, ${JSON.stringify(faults)}`);
      }
    };
    const started = performance.now();
    await Promise.all([strike(), ...Array.from({ length: callers }, call)]);
    await relay.drain();
    await relay.stop();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    await acting.close();
    await relaying.close();
    // biome-ignore lint/suspicious/noConsole: how hard it was is what this test has to say
    console.log(`${name}: ${actions} actions in ${seconds} s with ${JSON.stringify(faults)}, ${deliveries.length} deliveries`);

    const tenants = places.map(({ tenantId }) => tenantId);
    const [rows] = await database.rows(
      `select (select count(*)::int from movements where tenant_id = any($1)) movements, (select count(*)::int from usecase_audit where tenant_id = any($1)) audit,
              (select sum(quantity)::int from balances where tenant_id = any($1)) stock, (select count(*)::int from usecase_outbox) outbox`,
      [tenants],
    );
    expect(rows).toEqual({ movements: actions, audit: actions, stock: keys * stock, outbox: 0 });
    expect(left.size).toBe(actions);
    expect(new Set(deliveries.map(({ id }) => id)).size).toBe(actions);
    for (const { sourceId } of places) {
      // The first delivery of each movement, by what it left behind: from the full stock down, one by one.
      const quantities = new Set(deliveries.filter(({ key }) => key === sourceId).map(({ movementId }) => left.get(movementId)));
      expect([...quantities]).toEqual(Array.from({ length: actions / keys }, (_, n) => stock - 1 - n));
    }
    expect(faults.restarts).toBeGreaterThanOrEqual(2);
    expect(faults.retried).toBeGreaterThan(0);
  });
});
