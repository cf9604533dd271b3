import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { moveInventory } from "../testing/server/fixtures/move-inventory.js";
import { noon, stockedTenant } from "../testing/server/fixtures/stock.js";
import { createUseCaseCore } from "./core.js";
import { createRelay } from "./relay/relay.js";

let database: RuntimeDatabase;
beforeAll(async () => {
  database = await openRuntimeDatabase();
});
afterAll(() => database.close());

test("what waits to be delivered, what was given up, and who waits for a lock", async () => {
  const { driver, rows } = database;
  const core = createUseCaseCore({ driver, authorizer: { authorize: () => true }, clock: () => noon });
  expect(await core.gauges()).toEqual({ outbox: { due: 0, lagMs: 0 }, deadLetters: 0, lockWaits: 0 });

  const { sourceId, command, context } = await stockedTenant(database);
  await core.execute(moveInventory(), command, context);
  await core.execute(moveInventory(), { ...command, quantity: 69 }, { ...context, idempotencyKey: randomUUID() });
  // Two events; the job of the second call is for later.
  await rows("update usecase_outbox set created_at = now() - interval '1 hour' where seq = (select min(seq) from usecase_outbox)");
  const { outbox } = await core.gauges();
  expect(outbox.due).toBe(2);
  expect(outbox.lagMs).toBeGreaterThanOrEqual(3_600_000);

  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query("begin");
  await client.query("select 1 from balances where id = $1 for update", [sourceId]);
  const waiting = core.execute(moveInventory(), { ...command, quantity: 1 }, { ...context, idempotencyKey: randomUUID() });
  await expect.poll(async () => (await core.gauges()).lockWaits).toBe(1);
  await client.query("rollback");
  await client.end();
  await waiting;

  const relay = createRelay({
    driver,
    maxAttempts: 1,
    async deliver() {
      throw new Error("The bus is away.");
    },
  });
  await relay.drain();
  // All three events have one key: the first one halts it.
  expect(await core.gauges()).toMatchObject({ deadLetters: 1, lockWaits: 0 });
});
