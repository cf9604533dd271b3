import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, runStatements, type TestDatabase } from "../../testing/server/test-database.js";
import { type RowLock, waitsFor } from "./row-lock.js";

const locks: readonly RowLock[] = ["key share", "share", "no key update", "update"];

let database: TestDatabase;
let clients: readonly [pg.Client, pg.Client];
beforeAll(async () => {
  database = await createTestDatabase();
  await runStatements(database.url, [
    "create table parents (id integer primary key, code text unique, name text)",
    "create table children (id integer primary key, parent integer references parents)",
    "insert into parents values (1, 'a', 'a'), (2, 'b', 'b')",
  ]);
  const connect = async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    return client;
  };
  clients = [await connect(), await connect()];
});
afterAll(async () => {
  for (const client of clients) await client.end();
  await database.drop();
});

/** Whether the second statement has to wait for the transaction of those before it. */
async function waits(held: readonly string[], wanted: string): Promise<boolean> {
  const [first, second] = clients;
  await first.query("begin");
  for (const statement of held) await first.query(statement);
  await second.query("begin; set local lock_timeout = '40ms'");
  const waited = await second.query(wanted).then(
    () => false,
    (error: pg.DatabaseError) => error.code === "55P03",
  );
  await second.query("rollback");
  await first.query("rollback");
  return waited;
}

const lock = (strength: RowLock) => `select 1 from parents where id = 1 for ${strength}`;

test.each(locks.flatMap((held) => locks.map((wanted) => [held, wanted] as const)))("%s held, %s wanted", async (held, wanted) => {
  expect(waitsFor(wanted).includes(held)).toBe(await waits([lock(held)], lock(wanted)));
});

// What statements take by themselves: each waits for exactly the locks that the table says its own lock waits for.
test.each<readonly [string, string, RowLock]>([
  ["an update", "update parents set name = 'c' where id = 1", "no key update"],
  ["an update of a unique column", "update parents set code = 'c' where id = 1", "update"],
  ["a delete", "delete from parents where id = 1", "update"],
  ["an insert that refers to the row", "insert into children values (1, 1)", "key share"],
])("%s locks like `%s`", async (_, statement, as) => {
  for (const held of locks)
    expect({ held, waits: await waits([lock(held)], statement) }).toEqual({ held, waits: waitsFor(as).includes(held) });
});

test("whoever has a lock waits only for what it let in", async () => {
  for (const own of locks)
    for (const wanted of locks)
      for (const other of locks) {
        if (waitsFor(other, undefined).includes(own)) continue;
        const [first, second] = clients;
        await first.query("begin");
        await first.query(lock(own));
        await second.query("begin");
        await second.query(lock(other));
        await first.query("set local lock_timeout = '20ms'");
        const waited = await first.query(lock(wanted)).then(
          () => false,
          () => true,
        );
        await first.query("rollback");
        await second.query("rollback");
        expect({ own, wanted, other, waited }).toEqual({ own, wanted, other, waited: waitsFor(wanted, own).includes(other) });
      }
});
