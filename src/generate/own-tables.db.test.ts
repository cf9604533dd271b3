// The runtime's tables come from an earlier version, move to another Postgres schema, or come without drizzle-kit's
// migrations: on a real server, with rows in them, and the runtime works on.
import { randomUUID } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodePostgres } from "../drivers/node-postgres.js";
import { createUseCaseCore } from "../runtime/core.js";
import { type ExampleDatabase, openShop } from "../testing/server/fixtures/example.js";
import { sampleUseCases } from "../testing/server/fixtures/sample-use-cases.js";
import { noon } from "../testing/server/fixtures/stock.js";
import { createTestDatabase, type TestDatabase } from "../testing/server/test-database.js";
import { writeChanges } from "./files/write.js";
import { planMigration } from "./migrations.js";
import { tablesSql } from "./tables-sql.js";

const repository = fileURLToPath(new URL("../../", import.meta.url));
mkdirSync(join(repository, ".tmp"), { recursive: true });
const scratch = mkdtempSync(join(repository, ".tmp/own-tables-"));
const older = (file: string) => readFileSync(new URL(`older-tables/${file}`, import.meta.url), "utf8");
const ownTables = ["idempotency", "audit", "outbox", "outbox_dead", "relay_slot"].map((name) => `usecase_${name}`);

const databases: TestDatabase[] = [];
const pools: pg.Pool[] = [];
let useCases: ExampleDatabase["useCases"];
beforeAll(async () => {
  useCases = await sampleUseCases();
});
afterAll(async () => {
  for (const pool of pools) await pool.end();
  for (const database of databases) await database.drop();
  rmSync(scratch, { recursive: true, force: true });
});

async function open() {
  const database = await createTestDatabase();
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  databases.push(database);
  pools.push(pool);
  const rows: ExampleDatabase["rows"] = async <Row extends object>(text: string, values: readonly unknown[] = []) =>
    (await pool.query<Row>(text, [...values])).rows;
  return { database, pool, rows };
}

/** The example's own tables as its first migration, and those of the runtime as they were in the first version. */
function migrationsFolder(name: string): string {
  const root = join(scratch, name);
  const folder = join(root, "drizzle");
  mkdirSync(join(folder, "meta"), { recursive: true });
  const example = join(repository, "generated-example/drizzle");
  for (const file of ["0000_schema.sql", "meta/0000_snapshot.json", "meta/0001_snapshot.json"])
    cpSync(join(example, file), join(folder, file));
  const journal = JSON.parse(readFileSync(join(example, "meta/_journal.json"), "utf8"));
  writeFileSync(join(folder, "meta/_journal.json"), JSON.stringify({ ...journal, entries: journal.entries.slice(0, 2) }));
  writeFileSync(join(folder, "0001_usecasecore.sql"), older("first.sql"));
  writeFileSync(join(folder, "meta/_usecasecore.json"), older("first.json"));
  return root;
}

const plan = (root: string, schema?: string) => planMigration(root, { migrations: "drizzle", tables: { schema, migrations: "drizzle" } });

async function writePlan(root: string, schema?: string): Promise<string | undefined> {
  const planned = await plan(root, schema);
  if (planned !== undefined) await writeChanges(root, planned.files);
  return planned?.tag;
}

/** A row in each of the tables, with the columns that the first version had. */
async function fill(rows: ExampleDatabase["rows"]): Promise<void> {
  const id = randomUUID();
  const message = "id, kind, aggregatetype, aggregateid, slot, type, version, payload, headers, tenant_id";
  const values = "gen_random_uuid(), 'event', 'Order', 'o-1', 7, 'OrderPaid', 1, '{}', '{}', 't'";
  await rows(
    "insert into usecase_idempotency (tenant_id, scope, use_case, key, fingerprint, outcome, audit_id, expires_at) values ('t', '', 'PayOrder', 'k', 'f', '{}', $1, now() + interval '1 day')",
    [id],
  );
  await rows(
    "insert into usecase_audit (id, use_case, action, outcome, tenant_id, actor) values ($1, 'PayOrder', 'order.paid', 'committed', 't', '{}')",
    [id],
  );
  await rows(`insert into usecase_outbox (${message}) values (${values})`);
  await rows(`insert into usecase_outbox_dead (seq, ${message}, error) values (1, ${values}, 'no route')`);
  await rows("insert into usecase_relay_slot (slot, owner, epoch) values (7, 'relay', 3) on conflict (slot) do update set epoch = 3");
}

/** Every row of before, as far as it had columns then. */
async function contents(rows: ExampleDatabase["rows"], prefix = ""): Promise<string> {
  const columns = JSON.parse(older("first.json")).snapshot.tables as Record<string, { columns: object }>;
  const found = await Promise.all(
    ownTables.map(async (name) => {
      const list = Object.keys(columns[`public.${name}`]?.columns ?? {}).map((column) => `"${column}"`);
      return [name, await rows(`select ${list.join(", ")} from ${prefix}${name} order by 1, 2`)];
    }),
  );
  return JSON.stringify(found);
}

/** A use case runs and is replayed; audit, seals, dead letters and gauges answer; the audit cannot be changed. */
async function expectWorks({ pool, rows }: Awaited<ReturnType<typeof open>>, schema?: string): Promise<void> {
  const driver = nodePostgres(pool);
  const core = createUseCaseCore({ driver, authorizer: { authorize: () => true }, clock: () => noon, schema });
  const { skus, shelves, context } = await openShop({ rows });
  const command = { sku: skus[0], fromLocationId: shelves[0], toLocationId: shelves[1], quantity: 3 };
  const call = context(randomUUID());
  const first = await core.execute(useCases.moveInventory, command, call);
  expect(first.replayed).toBe(false);
  expect(await core.execute(useCases.moveInventory, command, call)).toMatchObject({ replayed: true, result: first.result });
  expect((await core.audit.list({ tenantId: "t" })).items).toMatchObject([{ action: "order.paid" }]);
  await core.audit.seal();
  expect(await core.audit.verify()).toMatchObject({ intact: true, faults: [] });
  expect((await core.deadLetters.list()).items.length).toBeGreaterThan(0);
  await core.gauges();
  await expect(rows(`update ${schema === undefined ? "" : `"${schema}".`}usecase_audit set action = 'x'`)).rejects.toMatchObject({
    code: "UC003",
  });
}

test("tables of the first version are brought to this one with their rows, by the same migration everywhere", async () => {
  const [root, other] = [migrationsFolder("upgrade"), migrationsFolder("upgrade-again")];
  const opened = await open();
  const { pool, rows } = opened;
  const apply = () => migrate(drizzle(pool), { migrationsFolder: join(root, "drizzle") });
  await apply();
  await fill(rows);
  const before = await contents(rows);

  const texts = async (of: string) => (await plan(of))?.files.map(({ path, after }) => ({ path, after }));
  expect(await texts(other)).toEqual(await texts(root));
  expect(await writePlan(root)).toBe("0002_usecasecore");
  expect(await writePlan(root)).toBeUndefined();
  await apply();
  expect(await contents(rows)).toBe(before);
  await expectWorks(opened);
});

test("tables move to another schema and back with their rows", async () => {
  const root = migrationsFolder("move");
  const opened = await open();
  const { pool, rows } = opened;
  const apply = () => migrate(drizzle(pool), { migrationsFolder: join(root, "drizzle") });
  await apply();
  await fill(rows);
  const before = await contents(rows);
  const functions = async () =>
    (
      await rows<{ name: string }>(
        "select pronamespace::regnamespace || '.' || proname as name from pg_proc where proname like 'usecase%' order by 1",
      )
    ).map(({ name }) => name);

  expect(await writePlan(root, "ledger")).toBe("0002_usecasecore");
  expect(await writePlan(root, "ledger")).toBeUndefined();
  await apply();
  expect(await contents(rows, "ledger.")).toBe(before);
  expect(await functions()).toEqual(["ledger.usecase_assert", "ledger.usecase_refuse_change"]);
  await expectWorks(opened, "ledger");

  const later = await contents(rows, "ledger.");
  expect(await writePlan(root)).toBe("0003_usecasecore");
  await apply();
  expect(await contents(rows)).toBe(later);
  expect(await functions()).toEqual(["public.usecase_assert", "public.usecase_refuse_change"]);
});

test.each([undefined, "ledger"])(
  "the SQL script makes the tables from nothing, and changes nothing where they are (schema %s)",
  async (schema) => {
    const opened = await open();
    await migrate(drizzle(opened.pool), { migrationsFolder: onlyExample() });
    const script = await tablesSql(schema);
    await opened.rows(script);
    const prefix = schema === undefined ? "" : `${schema}.`;
    await opened.rows(`set search_path to ${schema ?? "public"}; `);
    const client = await opened.pool.connect();
    await client.query(`set search_path to ${schema ?? "public"}`);
    await fill(async (text, values = []) => (await client.query(text, [...values])).rows);
    await client.query("reset search_path");
    client.release(true);
    const before = await contents(opened.rows, prefix);
    await opened.rows(script);
    expect(await contents(opened.rows, prefix)).toBe(before);
    await expectWorks(opened, schema);
  },
);

test("the SQL script brings tables of the first version to this one", async () => {
  const opened = await open();
  await migrate(drizzle(opened.pool), { migrationsFolder: onlyExample() });
  await opened.rows(older("first.sql").replaceAll("--> statement-breakpoint", ""));
  await fill(opened.rows);
  const before = await contents(opened.rows);
  await opened.rows(await tablesSql(undefined));
  expect(await contents(opened.rows)).toBe(before);
  await expectWorks(opened);
});

/** The example's own tables, without those of the runtime. */
function onlyExample(): string {
  const folder = join(migrationsFolder(`example-${randomUUID()}`), "drizzle");
  const file = join(folder, "meta/_journal.json");
  const journal = JSON.parse(readFileSync(file, "utf8"));
  writeFileSync(file, JSON.stringify({ ...journal, entries: journal.entries.slice(0, 1) }));
  return folder;
}
