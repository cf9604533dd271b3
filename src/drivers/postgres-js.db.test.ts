import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startPostgresServer } from "../testing/server/postgres-server.js";
import { createTestDatabase } from "../testing/server/test-database.js";
import { driverConformance } from "./conformance.js";
import { postgresJs } from "./postgres-js.js";

driverConformance(
  {
    name: "postgres.js",
    createDatabase: createTestDatabase,
    async open(url, max) {
      const sql = postgres(url, { max });
      return { driver: postgresJs(sql), close: () => sql.end() };
    },
    overNetwork: true,
    startServer: () => startPostgresServer({ synchronous_commit: "on" }),
    pipelines: true,
  },
  { afterAll, beforeAll, describe, test },
);

describe("what is particular to postgres.js", () => {
  const select = { name: "pid", text: "select pg_backend_pid()" };

  test("the caller's settings reach the server, but its types and transforms do not touch the text", async () => {
    const { url, drop } = await createTestDatabase();
    const connection = { application_name: "settings", statement_timeout: 12_345 };
    const upper = { to: 25, from: [25], serialize: String, parse: (value: string) => value.toUpperCase() };
    const sql = postgres(url, { connection, types: { upper }, transform: { value: () => "transformed", undefined: null } });
    const driver = postgresJs(sql);
    const setting = { name: "setting", text: "select current_setting($1)" };
    const results = await driver.session((session) =>
      session.burst([
        [setting, ["application_name"]],
        [setting, ["statement_timeout"]],
      ]),
    );
    expect(results.map(({ rows }) => rows)).toEqual([[["settings"]], [["12345ms"]]]);
    await driver.close();
    await sql.end();
    await drop();
  });

  test("close() waits for sessions, closes the connections, and refuses what comes later", async () => {
    const { url, drop } = await createTestDatabase();
    const watcher = postgres(url, { max: 1 });
    const sql = postgres(url, { max: 1, connection: { application_name: "to be closed" } });
    const driver = postgresJs(sql);
    const connections = async () => (await watcher`select pid from pg_stat_activity where application_name = 'to be closed'`).length;
    let finish = () => {};
    const finishing = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const running = driver.session(async (session) => {
      await session.burst([[select]]);
      await finishing;
      return session.burst([[select]]);
    });
    const waiting = driver.session((session) => session.burst([[select]]));
    waiting.catch(() => {});
    await expect.poll(connections).toBe(1);
    const closing = driver.close();
    await expect(waiting).rejects.toThrow("closed");
    await expect(driver.session(async () => 1)).rejects.toThrow("closed");
    finish();
    await expect(running).resolves.toHaveLength(1);
    await closing;
    await driver.close();
    await expect.poll(connections).toBe(0);
    await sql.end();
    await watcher.end();
    await drop();
  });

  test("a connection that is older than max_lifetime is replaced", async () => {
    const { url, drop } = await createTestDatabase();
    const sql = postgres(url, { max: 1, max_lifetime: 0.001 });
    const driver = postgresJs(sql);
    const pid = () => driver.session(async (session) => (await session.burst([[select]]))[0]?.rows[0]?.[0]);
    const first = await pid();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await pid()).not.toBe(first);
    await driver.close();
    await sql.end();
    await drop();
  });

  test("a server that hangs up at the start is given up after connect_timeout, and left alone from then on", async () => {
    let calls = 0;
    const server = createServer((socket) => {
      calls++;
      socket.on("error", () => {}).end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const sql = postgres({ host: "127.0.0.1", port, max: 1, connect_timeout: 0.1 });
    const driver = postgresJs(sql);
    await expect(driver.session((session) => session.burst([[select]]))).rejects.toMatchObject({ connectionLost: true });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = calls;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(calls).toBe(before);
    await driver.close();
    server.close();
  });
});
