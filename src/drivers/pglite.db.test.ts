import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Driver } from "../runtime/ports.js";
import { driverConformance } from "./conformance.js";
import { pglite } from "./pglite.js";

const client = new PGlite();
afterAll(() => client.close());

driverConformance(
  {
    name: "PGlite",
    createDatabase: async () => ({ url: "", drop: () => Promise.resolve() }),
    open: async () => ({ driver: pglite(client), close: () => Promise.resolve() }),
    overNetwork: false,
    pipelines: false,
  },
  { afterAll, beforeAll, describe, test },
);

describe("what is particular to PGlite", () => {
  test("sessions and the client's own transactions and queries take turns", async () => {
    await client.exec("create table turns (id integer)");
    const driver = pglite(client);
    const mine = { name: "mine", text: "insert into turns values (1)" };
    const failing = client.transaction(async (transaction) => {
      await transaction.query("insert into turns values (2)");
      await new Promise((resolve) => setImmediate(resolve));
      throw new Error("undone");
    });
    const session = driver.session(async ({ burst }) => {
      await burst([[{ text: "begin" }], [mine]]);
      await new Promise((resolve) => setImmediate(resolve));
      await burst([[{ text: "commit" }]]);
    });
    const query = client.query("select 1 / 0");
    expect((await Promise.allSettled([failing, session, query])).map(({ status }) => status)).toEqual([
      "rejected",
      "fulfilled",
      "rejected",
    ]);
    expect((await client.query("select id from turns")).rows).toEqual([{ id: 1 }]);
  });

  test("two drivers on one client share its prepared statements", async () => {
    const statement = { name: "shared", text: "select 'shared'" };
    for (const driver of [pglite(client), pglite(client)]) {
      expect((await driver.session(({ burst }) => burst([[statement]])))[0]?.rows).toEqual([["shared"]]);
    }
  });
});

describe("a directory", () => {
  const select = { text: "select 1" };
  let directory: string;
  let onDisk: PGlite;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "usecase-pglite-"));
    onDisk = await PGlite.create(directory);
  });
  afterAll(async () => {
    await onDisk.close();
    await rm(directory, { recursive: true, force: true });
  });
  const ask = (driver: Driver) => driver.session(({ burst }) => burst([[select]]));
  const mark = () => join(directory, "usecase.pid");

  test("is marked while it is in use", async () => {
    const driver = pglite(onDisk);
    await ask(driver);
    expect(await readFile(mark(), "utf8")).toBe(String(process.pid));
    await driver.close();
    await expect(readFile(mark(), "utf8")).rejects.toThrow("ENOENT");
  });

  test("of another living process is refused, until that one has ended", async () => {
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await writeFile(mark(), String(other.pid));
    const driver = pglite(onDisk);
    await expect(ask(driver)).rejects.toThrow(`process ${other.pid}`);
    other.kill();
    await once(other, "exit");
    await ask(driver);
    await driver.close();
  });

  test("of another client in this process is refused, unless that one is closed", async () => {
    const driver = pglite(onDisk);
    await ask(driver);
    const second = standIn(onDisk);
    await expect(ask(pglite(second))).rejects.toThrow("another client of this process");
    await driver.close();
    const third = pglite(second);
    await ask(third);
    await third.close();
  });
});

/** The same connection by way of another object: a second PGlite on one directory would damage it. */
function standIn(of: PGlite): PGlite {
  const parts = {
    waitReady: of.waitReady,
    closed: false,
    dataDir: of.dataDir,
    execProtocol: of.execProtocol.bind(of),
    runExclusive: of.runExclusive.bind(of),
    _runExclusiveTransaction: of._runExclusiveTransaction.bind(of),
  };
  return parts as unknown as PGlite;
}
