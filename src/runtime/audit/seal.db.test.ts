import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodePostgres } from "../../drivers/node-postgres.js";
import { applyRuntimeTables, createTestDatabase, type TestDatabase } from "../../testing/server/test-database.js";
import { createUseCaseCore } from "../core.js";
import { ownNames } from "../sql/own-names.js";
import { seal } from "./seal.js";
import type { AuditFault } from "./verify.js";

let database: TestDatabase;
let pool: pg.Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new pg.Pool({ connectionString: database.url, pipeline: true, max: 6 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

let schemas = 0;

/** An audit of its own, in a schema of its own; `$` in statements is that schema. */
async function audit() {
  const schema = `audit_${++schemas}`;
  await applyRuntimeTables(database.url, schema);
  const driver = nodePostgres(pool);
  const { audit: log } = createUseCaseCore({ driver, schema });
  const run = (text: string, client: pg.Pool | pg.PoolClient = pool) => client.query(text.replaceAll("$", schema));
  const insert = (id: number, client?: pg.PoolClient) =>
    run(
      `insert into $.usecase_audit (id, use_case, action, outcome, actor, command)
       values ('${idOf(id)}', 'U', 'a', 'committed', '{"type":"user","id":"ü"}', '{"n": ${id}.50}')`,
      client,
    );
  return {
    ...log,
    run,
    insert,
    sealBy: (batch: number) => seal({ driver, names: ownNames(schema) }, batch),
    /** Rows 1, 2, 3 in seal 1; 4, 5, 6 in seal 2; 7, 8, 9 in seal 3: as the database's owner sees them. */
    async unguarded() {
      for (let id = 1; id <= 9; id++) {
        await insert(id);
        if (id % 3 === 0) await log.seal();
      }
      await run("alter table $.usecase_audit disable trigger all; alter table $.usecase_audit_seal disable trigger all");
    },
    async withClient(work: (client: pg.PoolClient) => Promise<void>) {
      const client = await pool.connect();
      try {
        await work(client);
      } finally {
        client.release();
      }
    },
    sealedIds: async () => (await run("select ids from $.usecase_audit_seal order by number")).rows.map(({ ids }) => idsOf(ids)),
  };
}

const idOf = (number: number) => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
const idsOf = (text: string | readonly string[]) =>
  (typeof text === "string" ? text.slice(1, -1).split(",") : text).map((id) => Number(id.slice(-12)));

test("nothing to seal", async () => {
  const one = await audit();
  expect(await one.seal()).toEqual({ entries: 0, head: null });
  expect(await one.verify()).toEqual({ intact: true, seals: 0, entries: 0, unsealed: 0, head: null, faults: [] });
});

test("what is committed is sealed once, and found intact", async () => {
  const one = await audit();
  for (const id of [3, 1, 2]) await one.insert(id);
  expect(await one.verify()).toMatchObject({ intact: true, seals: 0, unsealed: 3 });
  const first = await one.seal();
  expect(first).toEqual({ entries: 3, head: { number: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/) } });
  expect(await one.seal()).toEqual({ entries: 0, head: first.head });
  await one.insert(4);
  const second = await one.seal();
  expect(second).toMatchObject({ entries: 1, head: { number: 2 } });
  expect(await one.verify({ head: first.head ?? undefined })).toEqual({
    ...{ intact: true, seals: 2, entries: 4, unsealed: 0, head: second.head, faults: [] },
  });
  // In the order of the transactions, not of the ids.
  expect(await one.sealedIds()).toEqual([[3, 1, 2], [4]]);
});

test("batches leave nothing out, also of a transaction that has more rows than fit", async () => {
  const one = await audit();
  await one.withClient(async (client) => {
    await client.query("begin");
    for (let id = 1; id <= 7; id++) await one.insert(id, client);
    await client.query("commit");
  });
  await one.insert(8);
  expect(await one.sealBy(3)).toMatchObject({ entries: 8, head: { number: 3 } });
  expect(await one.sealedIds()).toEqual([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8],
  ]);
  expect(await one.verify()).toMatchObject({ intact: true, seals: 3, entries: 8, unsealed: 0 });
});

test("a row that is committed late is sealed then: not before, and not never", async () => {
  const one = await audit();
  await one.withClient(async (late) => {
    await late.query("begin");
    await one.insert(1, late);
    for (const id of [2, 3]) await one.insert(id);
    expect(await one.seal()).toMatchObject({ entries: 2 });
    await one.insert(4);
    expect(await one.sealBy(1)).toMatchObject({ entries: 1, head: { number: 2 } });
    expect(await one.verify()).toMatchObject({ intact: true, unsealed: 0 });
    await late.query("commit");
  });
  expect(await one.verify()).toMatchObject({ intact: true, unsealed: 1 });
  expect(await one.seal()).toMatchObject({ entries: 1, head: { number: 3 } });
  expect(await one.sealedIds()).toEqual([[2, 3], [4], [1]]);
  expect(await one.verify()).toMatchObject({ intact: true, seals: 3, entries: 4, unsealed: 0 });
});

test("several sealers and many writers at once: every row in one seal", async () => {
  const one = await audit();
  let writing = true;
  const writers = [0, 1, 2].map(async (writer) => {
    for (let n = 0; n < 40; n++) {
      await one.withClient(async (client) => {
        await client.query("begin");
        await one.insert(writer * 1_000 + n, client);
        await client.query(n % 5 === 4 ? "rollback" : "commit");
      });
    }
  });
  const sealers = [7, 100].map(async (batch) => {
    while (writing) await one.sealBy(batch);
  });
  await Promise.all(writers);
  writing = false;
  await Promise.all(sealers);
  await one.seal();
  const ids = (await one.sealedIds()).flat();
  expect(ids).toHaveLength(96);
  expect(new Set(ids).size).toBe(96);
  expect(await one.verify()).toMatchObject({ intact: true, entries: 96, unsealed: 0 });
});

test("a dump that is restored where transactions were counted less far is sealed on", async () => {
  const one = await audit();
  await one.insert(1);
  await one.seal();
  await one.run("alter table $.usecase_audit disable trigger all");
  // As the restored rows look: their numbers lie in the future.
  await one.run("update $.usecase_audit set tx = tx + 1000000000");
  await one.run("alter table $.usecase_audit_seal disable trigger all");
  await one.run("truncate $.usecase_audit_seal");
  await one.seal();
  await one.run("update $.usecase_audit_seal set horizon = horizon + 1000000000");
  await one.insert(2);
  expect(await one.seal()).toMatchObject({ entries: 1, head: { number: 2 } });
  await one.insert(3);
  expect(await one.seal()).toMatchObject({ entries: 1, head: { number: 3 } });
  expect(await one.sealedIds()).toEqual([[1], [2], [3]]);
});

type Place = Partial<Pick<AuditFault, "kind" | "of" | "seal" | "position">> & { readonly entryId?: string | null };
const entry = (kind: AuditFault["kind"], seal: number | null, position: number | null, id: number): Place => ({
  ...{ kind, of: "entry", seal, position, entryId: idOf(id) },
});
const ofSeal = (kind: AuditFault["kind"], seal: number): Place => ({ kind, of: "seal", seal, position: null, entryId: null });

const insertOld = (tx: string) =>
  `insert into $.usecase_audit (id, use_case, action, outcome, actor, tx, at)
   select '${idOf(99)}', 'U', 'a', 'committed', '{}', ${tx}, at from $.usecase_audit where id = '${idOf(5)}'`;
const column = (change: string) => `update $.usecase_audit set ${change} where id = '${idOf(5)}'`;
const rehashed = `hashes = (select array_agg(case when position = 2 then repeat('a', 64) else h end order by position) from unnest(hashes) with ordinality u(h, position))`;

test.each<[string, string, readonly Place[]]>([
  ["edited: action", column("action = 'b'"), [entry("edited", 2, 2, 5)]],
  ["edited: actor", column(`actor = '{"type":"user","id":"other"}'`), [entry("edited", 2, 2, 5)]],
  ["edited: command, by how a number is written", column(`command = '{"n": 5.5}'`), [entry("edited", 2, 2, 5)]],
  ["edited: time, by a microsecond", column("at = at + interval '1 microsecond'"), [entry("edited", 2, 2, 5)]],
  ["edited: null to empty", column("reason = ''"), [entry("edited", 2, 2, 5)]],
  ["edited: a value moved to the next column", column("subject_type = 'x', subject_id = null"), [entry("edited", 2, 2, 5)]],
  ["edited: transaction", column("tx = tx - 1"), [entry("edited", 2, 2, 5)]],
  ["deleted: in the middle", `delete from $.usecase_audit where id = '${idOf(4)}'`, [entry("deleted", 2, 1, 4)]],
  ["deleted: the last", `delete from $.usecase_audit where id = '${idOf(9)}'`, [entry("deleted", 3, 3, 9)]],
  ["inserted between", insertOld("tx"), [entry("inserted", null, null, 99)]],
  ["inserted before all", insertOld("3"), [entry("inserted", null, null, 99)]],
  [
    "reordered: two rows that changed their places",
    `update $.usecase_audit a set at = b.at, tx = b.tx from $.usecase_audit b where (a.id, b.id) in (('${idOf(1)}', '${idOf(8)}'), ('${idOf(8)}', '${idOf(1)}'))`,
    [entry("edited", 1, 1, 1), entry("edited", 3, 2, 8)],
  ],
  [
    "reordered: entries of a seal",
    "update $.usecase_audit_seal set ids = array[ids[1], ids[3], ids[2]], hashes = array[hashes[1], hashes[3], hashes[2]] where number = 2",
    [ofSeal("reordered", 2)],
  ],
  [
    "reordered: seals",
    "update $.usecase_audit_seal set number = -number where number in (2, 3); update $.usecase_audit_seal set number = 5 + number where number < 0",
    [ofSeal("reordered", 2), ofSeal("reordered", 3)],
  ],
  [
    "truncated: all rows",
    "truncate $.usecase_audit",
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map((id) => entry("deleted", Math.ceil(id / 3), ((id - 1) % 3) + 1, id)),
  ],
  [
    "truncated: the last seal with its rows",
    `delete from $.usecase_audit where id >= '${idOf(7)}'; delete from $.usecase_audit_seal where number = 3`,
    [ofSeal("truncated", 3)],
  ],
  ["truncated: all", "truncate $.usecase_audit, $.usecase_audit_seal", [ofSeal("truncated", 1)]],
  [
    "a seal deleted",
    "delete from $.usecase_audit_seal where number = 1",
    [ofSeal("deleted", 1), entry("inserted", null, null, 1), entry("inserted", null, null, 2), entry("inserted", null, null, 3)],
  ],
  ["a seal edited: time", "update $.usecase_audit_seal set at = at - interval '1 day' where number = 2", [ofSeal("edited", 2)]],
  ["a seal edited: horizon", "update $.usecase_audit_seal set horizon = 1 where number = 3", [ofSeal("edited", 3)]],
  ["a seal edited: running", "update $.usecase_audit_seal set running = '{1}' where number = 3", [ofSeal("edited", 3)]],
  [
    "an entry edited, and its hash too",
    `${column("action = 'b'")}; update $.usecase_audit_seal set ${rehashed} where number = 2`,
    [entry("edited", 2, 2, 5), ofSeal("edited", 2)],
  ],
  [
    "a seal replaced by one that is right in itself",
    "update $.usecase_audit_seal set root = repeat('b', 64), hash = encode(sha256(convert_to('[\"usecase-audit-seal-1\",2,\"' || previous || '\",\"' || repeat('b', 64) || '\",3,\"' || horizon || '\",\"' || running::text || '\",\"' || highest || '\",\"' || to_char(at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') || '\"]', 'UTF8')), 'hex') where number = 2",
    [ofSeal("edited", 2), ofSeal("edited", 2)],
  ],
])("found: %s", async (_, tampering, places) => {
  const one = await audit();
  await one.unguarded();
  const { head } = await one.verify();
  expect(head).not.toBeNull();
  await one.run(tampering);
  const { intact, faults } = await one.verify({ head: head ?? undefined });
  expect(intact).toBe(false);
  expect(faults).toMatchObject(places);
  expect(faults).toHaveLength(places.length);
  expect(faults.every(({ message }) => message.length > 10)).toBe(true);
});

test("an inserted row is told from a late one also while a transaction is open, in this database or in another", async () => {
  const one = await audit();
  const elsewhere = await createTestDatabase();
  const other = new pg.Client({ connectionString: elsewhere.url });
  await other.connect();
  await other.query("begin; select pg_current_xact_id()");
  try {
    await one.withClient(async (late) => {
      await late.query("begin; select pg_current_xact_id()");
      await one.unguarded();
      await one.run(insertOld("tx"));
      await one.insert(10, late);
      await late.query("commit");
    });
    expect(await one.verify()).toMatchObject({ intact: false, faults: [entry("inserted", null, null, 99)], unsealed: 1 });
    await one.run(`delete from $.usecase_audit where id = '${idOf(99)}'`);
    expect(await one.seal()).toMatchObject({ entries: 1 });
    expect(await one.verify()).toMatchObject({ intact: true, entries: 10, unsealed: 0 });
  } finally {
    await other.end();
    await elsewhere.drop();
  }
});

test("a chain that was written anew is whole in itself; only a head that was kept elsewhere tells", async () => {
  const one = await audit();
  await one.unguarded();
  const { head } = await one.verify();
  await one.run(`${column("action = 'b'")}; truncate $.usecase_audit_seal`);
  for (let n = 0; n < 3; n++) await one.sealBy(3);
  expect(await one.verify()).toMatchObject({ intact: true, entries: 9 });
  expect(await one.verify({ head: head ?? undefined })).toMatchObject({
    ...{ intact: false, faults: [{ kind: "edited", of: "seal", seal: 3 }] },
  });
});

test("at most so many faults", async () => {
  const one = await audit();
  await one.unguarded();
  await one.run("truncate $.usecase_audit");
  const { faults } = await one.verify({ limit: 2 });
  expect(faults.map(({ entryId }) => entryId)).toEqual([idOf(1), idOf(2)]);
});

test("seals are append-only", async () => {
  const one = await audit();
  await one.insert(1);
  await one.seal();
  for (const change of ["update $.usecase_audit_seal set hash = ''", "delete from $.usecase_audit_seal", "truncate $.usecase_audit_seal"]) {
    await expect(one.run(change), change).rejects.toMatchObject({ code: "UC003" });
  }
});
