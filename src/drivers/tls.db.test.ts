// Both network drivers over TLS, by each option with which users ask for it: a call commits in two round trips, and an
// aborted one is cancelled over TLS, too, also where nothing else is let through.
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import pg from "pg";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createUseCaseCore } from "../runtime/core.js";
import type { Driver } from "../runtime/ports.js";
import { openRuntimeDatabase, type RuntimeDatabase } from "../testing/server/fixtures/database.js";
import { moveInventory } from "../testing/server/fixtures/move-inventory.js";
import type { OpenedDriver } from "../testing/server/fixtures/network-drivers.js";
import { noon, rowCounts, stockedTenant } from "../testing/server/fixtures/stock.js";
import { startTlsServer, type TlsServer } from "../testing/server/tls-server.js";
import { startTcpProxy } from "./conformance/tcp-proxy.js";
import { nodePostgres } from "./node-postgres.js";
import { postgresJs } from "./postgres-js.js";

let server: TlsServer;
let database: RuntimeDatabase;
const escaped: unknown[] = [];
const onEscape = (error: unknown) => void escaped.push(error);
beforeAll(async () => {
  process.on("uncaughtException", onEscape).on("unhandledRejection", onEscape);
  server = await startTlsServer();
  database = await openRuntimeDatabase(2, server.url);
});
afterAll(async () => {
  await database.close();
  await server.stop();
  process.off("uncaughtException", onEscape).off("unhandledRejection", onEscape);
});

type Open = (url: string) => OpenedDriver;

function overPg(ssl: (() => pg.PoolConfig["ssl"]) | undefined, query: () => string = () => ""): Open {
  return (url) => {
    const pool = new pg.Pool({ connectionString: url + query(), ...(ssl && { ssl: ssl() }), pipeline: true, max: 1 });
    return { driver: nodePostgres(pool), close: () => pool.end() };
  };
}

function overPostgresJs(ssl: (() => string | object) | undefined, query = ""): Open {
  return (url) => {
    const driver = postgresJs(postgres(url + query, { max: 1, ...(ssl && { ssl: ssl() as object }) }));
    return { driver, close: () => driver.close() };
  };
}

const byName = (url: string) => url.replace("127.0.0.1", "localhost");

const ways: readonly (readonly [name: string, open: Open])[] = [
  ["pg, ssl: { ca }", overPg(() => ({ ca: server.ca }))],
  ["pg, ssl: { ca }, by name", (url) => overPg(() => ({ ca: server.ca }))(byName(url))],
  ["pg, ssl: { rejectUnauthorized: false }", overPg(() => ({ rejectUnauthorized: false }))],
  ["pg, sslmode=verify-full&sslrootcert=…", overPg(undefined, () => `?sslmode=verify-full&sslrootcert=${server.caFile}`)],
  ["pg, sslmode=no-verify", overPg(undefined, () => "?sslmode=no-verify")],
  ["pg, sslnegotiation=direct", overPg(undefined, () => `?sslnegotiation=direct&sslmode=verify-full&sslrootcert=${server.caFile}`)],
  ["postgres.js, ssl: { ca }", overPostgresJs(() => ({ ca: server.ca }))],
  ["postgres.js, ssl: { ca }, by name", (url) => overPostgresJs(() => ({ ca: server.ca }))(byName(url))],
  ["postgres.js, ssl: require", overPostgresJs(() => "require")],
  ["postgres.js, ssl: prefer", overPostgresJs(() => "prefer")],
  ["postgres.js, sslmode=require", overPostgresJs(undefined, "?sslmode=require")],
  ["postgres.js, sslnegotiation=direct", overPostgresJs(() => ({ ca: server.ca }), "?sslnegotiation=direct")],
];

const coreOver = (driver: Driver) => createUseCaseCore({ driver, authorizer: { authorize: () => true }, clock: () => noon });
const waiting = () => database.rows("select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");

/** Lets connections through that ask for TLS, or begin with it, and hangs up on all others. */
async function tlsOnly(target: string) {
  const { hostname, port } = new URL(target);
  let secured = 0;
  let refused = 0;
  const front = createServer((client) => {
    client.on("error", () => {});
    client.once("data", (first) => {
      const asks = first.length === 8 && first.readUInt32BE(4) === 80_877_103;
      if (!asks && first[0] !== 0x16) {
        refused++;
        client.destroy();
        return;
      }
      secured++;
      const through = connect(Number(port), hostname);
      through.on("error", () => {});
      through.write(first);
      client.pipe(through).pipe(client);
    });
  });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  const url = new URL(target);
  url.port = String((front.address() as AddressInfo).port);
  return { url: url.href, counts: () => ({ secured, refused }), close: () => front.close() };
}

describe.each(ways)("%s", (_, open) => {
  test("commits over TLS, in two round trips", async () => {
    const proxy = await startTcpProxy(database.url);
    const { driver, close } = open(proxy.url);
    const [answer] = await driver.session((session) =>
      session.burst([[{ name: "ssl", text: "select ssl from pg_stat_ssl where pid = pg_backend_pid()" }, []]]),
    );
    expect(answer?.rows).toEqual([["t"]]);
    const core = coreOver(driver);
    const move = moveInventory();
    const call = async () => {
      const { tenantId, command, context } = await stockedTenant(database);
      const before = proxy.turns();
      await expect(core.execute(move, command, context)).resolves.toMatchObject({ replayed: false });
      expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 1, audit: 1, quantity: 70 });
      return proxy.turns() - before;
    };
    await call();
    expect(await call()).toBe(2);
    await close();
    await proxy.close();
  });

  test("an aborted call is cancelled over TLS", async () => {
    const front = await tlsOnly(database.url);
    const { driver, close } = open(front.url);
    const { tenantId, sourceId, command, context } = await stockedTenant(database);
    const other = new pg.Client({ connectionString: database.url });
    await other.connect();
    await other.query("begin");
    await other.query("select 1 from balances where id = $1 for update", [sourceId]);
    const abort = new AbortController();
    const call = coreOver(driver).execute(moveInventory(), command, { ...context, signal: abort.signal });
    call.catch(() => {});
    await expect.poll(waiting, { timeout: 30_000 }).toHaveLength(1);
    abort.abort(new Error("Gone."));
    await expect(call).rejects.toThrow("Gone.");
    // A back end that is only hung up on would wait for the lock all the same.
    await expect.poll(waiting, { timeout: 30_000 }).toHaveLength(0);
    expect(front.counts()).toEqual({ secured: 2, refused: 0 });
    await other.query("rollback");
    await other.end();
    expect(await rowCounts(database, tenantId)).toMatchObject({ movements: 0, audit: 0, keys: 0 });
    await close();
    front.close();
  });
});

test.each<[string, Open]>([
  ["pg", overPg(() => true)],
  ["postgres.js", overPostgresJs(() => "verify-full")],
])("%s refuses a certificate that nobody vouches for: unavailable, and nothing escapes", async (_, open) => {
  const { driver, close } = open(database.url);
  const { command, context } = await stockedTenant(database);
  await expect(coreOver(driver).execute(moveInventory(), command, context)).rejects.toMatchObject({
    ...{ code: "Unavailable", details: { outcome: "none" } },
  });
  await close();
});

test("a server without TLS: prefer goes on without, also to cancel; others are unavailable", async () => {
  const plain = await openRuntimeDatabase(1);
  const { driver, close } = overPostgresJs(() => "prefer")(plain.url);
  const abort = new AbortController();
  const sleep = driver.session((session) => session.burst([[{ name: "sleep", text: "select pg_sleep(60)" }, []]], abort.signal));
  sleep.catch(() => {});
  const sleeping = () => plain.rows("select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'");
  await expect.poll(sleeping, { timeout: 30_000 }).toHaveLength(1);
  abort.abort();
  await expect(sleep).rejects.toMatchObject({ sqlState: "57014" });
  await close();
  for (const open of [overPg(() => ({ rejectUnauthorized: false })), overPostgresJs(() => "require")]) {
    const one = open(plain.url);
    await expect(one.driver.session((session) => session.burst([]))).rejects.toMatchObject({ connectionLost: true });
    await one.close();
  }
  await plain.close();
});

test("nothing escaped to the process", () => expect(escaped).toEqual([]));
