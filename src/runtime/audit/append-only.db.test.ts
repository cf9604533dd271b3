// What the audit's tables hold against: mistakes of whoever owns them, and of an application whose role may only add.
import { randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { nodePostgres } from "../../drivers/node-postgres.js";
import { openRuntimeDatabase, type RuntimeDatabase } from "../../testing/server/fixtures/database.js";
import { moveInventory } from "../../testing/server/fixtures/move-inventory.js";
import { noon, stockedTenant } from "../../testing/server/fixtures/stock.js";
import { createUseCaseCore, type UseCaseCore } from "../core.js";

const tables = ["usecase_audit", "usecase_audit_seal"] as const;
const owner = `owner_${randomUUID().slice(0, 8)}`;
const application = `application_${randomUUID().slice(0, 8)}`;
const coreOf = (pool: pg.Pool): UseCaseCore =>
  createUseCaseCore({ driver: nodePostgres(pool), authorizer: { authorize: () => true }, clock: () => noon });

let database: RuntimeDatabase;
let client: pg.Client;
let others: pg.Pool;
beforeAll(async () => {
  database = await openRuntimeDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`create role ${owner}; grant create, usage on schema public to ${owner}`);
  for (const table of tables) await client.query(`alter table ${table} owner to ${owner}`);
  await client.query(`create role ${application}; grant select, insert, update, delete on all tables in schema public to ${application}`);
  // As docs/audit.md has it.
  await client.query(`revoke all on usecase_audit, usecase_audit_seal from ${application}`);
  await client.query(
    `grant insert (id, use_case, action, outcome, tenant_id, actor, subject_type, subject_id, reason, command, changes, error,
                   idempotency_key, correlation_id, causation_id, request_id) on usecase_audit to ${application}`,
  );
  others = new pg.Pool({ connectionString: database.url, pipeline: true, max: 2, options: `-c role=${application}` });
  const core = createUseCaseCore({ driver: database.driver, authorizer: { authorize: () => true }, clock: () => noon });
  const { command, context } = await stockedTenant(database);
  await core.execute(moveInventory(), command, context);
  await core.audit.seal();
});
afterEach(() => client.query("reset role; reset session_replication_role"));
afterAll(async () => {
  await others.end();
  await client.query(`drop owned by ${application}; drop role ${application}; reassign owned by ${owner} to current_user`);
  await client.query(`drop owned by ${owner}; drop role ${owner}`);
  await client.end();
  await database.close();
});

const changes = (table: (typeof tables)[number], key: string) => [
  `update ${table} set at = at`,
  `delete from ${table}`,
  `truncate ${table}`,
  `truncate ${table} cascade`,
  `insert into ${table} select * from ${table} on conflict (${key}) do update set at = now()`,
  `merge into ${table} t using ${table} s on t.${key} = s.${key} when matched then update set at = now()`,
  `merge into ${table} t using ${table} s on t.${key} = s.${key} when matched then delete`,
  `with gone as (delete from ${table} returning *) insert into ${table} select * from gone`,
];
const all = [...changes("usecase_audit", "id"), ...changes("usecase_audit_seal", "number")];

describe.each([
  ["whoever owns the tables", `set role ${owner}`],
  ["a superuser", "select 1"],
  ["a superuser in the role of a replica", "set session_replication_role = replica"],
])("%s is refused", (_, become) => {
  test.each(all)("%s", async (change) => {
    await client.query(become);
    await expect(client.query(change)).rejects.toMatchObject({ code: "UC003" });
  });
});

test("the owner cannot take the role of a replica", async () => {
  await client.query(`set role ${owner}`);
  await expect(client.query("set session_replication_role = replica")).rejects.toMatchObject({ code: "42501" });
});

describe("an application that may only add to the audit", () => {
  test.each(all)("cannot %s", async (change) => {
    await client.query(`set role ${application}`);
    await expect(client.query(change)).rejects.toMatchObject({ code: "42501" });
  });

  test.each(["at", "tx"])("does not choose an entry's %s", async (column) => {
    await client.query(`set role ${application}`);
    const value = column === "at" ? "now()" : "1";
    const insert = `insert into usecase_audit (id, use_case, action, outcome, actor, ${column}) values (gen_random_uuid(), 'U', 'a', 'committed', '{}', ${value})`;
    await expect(client.query(insert)).rejects.toMatchObject({ code: "42501" });
  });

  test("acts, refuses, replays and sweeps", async () => {
    const core = coreOf(others);
    const { tenantId, command, context } = await stockedTenant(database);
    await expect(core.execute(moveInventory(), command, context)).resolves.toMatchObject({ replayed: false });
    await expect(core.execute(moveInventory(), command, context)).resolves.toMatchObject({ replayed: true });
    const over = { ...context, idempotencyKey: randomUUID() };
    await expect(core.execute(moveInventory(), { ...command, quantity: 71 }, over)).rejects.toMatchObject({ code: "InsufficientStock" });
    await core.sweep();
    const entries = await database.rows("select outcome from usecase_audit where tenant_id = $1 order by at", [tenantId]);
    expect(entries).toEqual([{ outcome: "committed" }, { outcome: "refused" }]);
    await expect(core.audit.list({ tenantId })).rejects.toMatchObject({ sqlState: "42501" });
  });
});

test("who seals reads both tables, and adds seals", async () => {
  await client.query(
    `grant select on usecase_audit, usecase_audit_seal to ${application}; grant insert on usecase_audit_seal to ${application}`,
  );
  const { audit } = coreOf(others);
  const { tenantId, command, context } = await stockedTenant(database);
  await coreOf(others).execute(moveInventory(), command, context);
  expect((await audit.seal()).entries).toBeGreaterThan(0);
  expect(await audit.verify()).toMatchObject({ intact: true, unsealed: 0 });
  expect((await audit.list({ tenantId })).items).toHaveLength(1);
});
