// Use cases by way of a real PgBouncer that lends its few connections for a transaction at a time. Where none is
// installed these tests are skipped; where REQUIRE_PGBOUNCER is set, that fails.
import { randomUUID } from "node:crypto";
import pg from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createUseCaseCore } from "../runtime/core.js";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { moveInventory } from "../testing/server/fixtures/move-inventory.js";
import type { OpenedDriver } from "../testing/server/fixtures/network-drivers.js";
import { noon, rowCounts, stockedTenant } from "../testing/server/fixtures/stock.js";
import { type Pooler, pgbouncerVersion, startPgbouncer } from "../testing/server/pgbouncer.js";
import { nodePostgres } from "./node-postgres.js";
import { postgresJs } from "./postgres-js.js";

const version = pgbouncerVersion();
const [major, minor] = version ?? [0, 0];
/** Whether it keeps track of prepared statements. */
const tracks = major > 1 || minor >= 21;

const pooled = (pipeline: boolean, prepare: boolean) => (connectionString: string) => {
  const pool = new pg.Pool({ connectionString, max: 8, pipeline });
  return { driver: nodePostgres(pool, { prepare }), close: () => pool.end() };
};
const ownPool = (prepare: boolean) => (url: string) => {
  const driver = postgresJs(postgres(url, { max: 8, prepare }));
  return { driver, close: () => driver.close() };
};
const modes: readonly (readonly [name: string, open: (url: string) => OpenedDriver, settings: Readonly<Record<string, number>>])[] = [
  ["node-postgres, not prepared, one by one", pooled(false, false), {}],
  ["postgres.js, not prepared", ownPool(false), {}],
  ...(tracks
    ? ([
        ["node-postgres, prepared, one by one", pooled(false, true), { max_prepared_statements: 200 }],
        ["postgres.js, prepared", ownPool(true), { max_prepared_statements: 200 }],
      ] as const)
    : []),
];

if (process.env["REQUIRE_PGBOUNCER"]) {
  test("PgBouncer is installed", () => {
    expect(version).toBeDefined();
  });
}

describe.skipIf(version === undefined).each(modes)(
  `PgBouncer ${version?.join(".") ?? "is not installed: skipped"}, %s`,
  (_, open, settings) => {
    let database: RuntimeDatabase;
    let pooler: Pooler;
    let opened: OpenedDriver;
    beforeAll(async () => {
      database = await openRuntimeDatabase();
      pooler = await startPgbouncer(database.url, { default_pool_size: 3, ...settings });
      opened = open(pooler.url);
    });
    afterAll(async () => {
      await opened.close();
      await pooler.stop();
      await database.close();
    });

    test("many calls over few connections: each takes effect once, and none has to be run again", async () => {
      const core = createUseCaseCore({ driver: opened.driver, authorizer: { authorize: () => true }, clock: () => noon });
      const places = await Promise.all(Array.from({ length: 8 }, () => stockedTenant(database)));
      const move = moveInventory();
      const calls = places.flatMap(({ command, context }) =>
        Array.from({ length: 10 }, async () => {
          const own = { ...context, idempotencyKey: randomUUID() };
          const first = await core.execute(move, { ...command, quantity: 1 }, own);
          const again = await core.execute(move, { ...command, quantity: 1 }, own);
          return [first.replayed, first.attempts, again.replayed, again.result["movementId"] === first.result["movementId"]];
        }),
      );
      for (const answer of await Promise.all(calls)) expect(answer).toEqual([false, 1, true, true]);
      const [{ command, context }] = places as [(typeof places)[number]];
      await expect(core.execute(move, { ...command, quantity: 91 }, { ...context, idempotencyKey: "refused" })).rejects.toMatchObject({
        code: "InsufficientStock",
      });
      for (const [n, { tenantId }] of places.entries()) {
        expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 10, audit: n === 0 ? 11 : 10, quantity: 90 });
      }
    });
  },
);
