import pg from "pg";
import { expect, test } from "vitest";
import { applyExampleTables, applyRuntimeTables, createTestDatabase } from "./test-database.js";

test("the runtime's tables, its guards and the example's tables stand side by side", async () => {
  const database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await applyRuntimeTables(database.url);
    await applyExampleTables(database.url);
    await applyRuntimeTables(database.url, "elsewhere");
    const { rows } = await client.query(
      "select schemaname, tablename from pg_tables where schemaname in ('public', 'elsewhere') and tablename ~ '^(usecase_|orders)' order by 1, 2",
    );
    const ours = [
      "usecase_audit",
      "usecase_audit_seal",
      "usecase_idempotency",
      "usecase_outbox",
      "usecase_outbox_dead",
      "usecase_relay_slot",
      "usecase_schedule",
    ];
    expect(rows.map((row) => `${row.schemaname}.${row.tablename}`)).toEqual([
      ...ours.map((name) => `elsewhere.${name}`),
      "public.orders",
      ...ours.map((name) => `public.${name}`),
    ]);
    await client.query(
      "insert into usecase_audit (id, use_case, action, outcome, actor) values (gen_random_uuid(), 'a', 'a', 'committed', '{}')",
    );
    await client.query("set session_replication_role = replica");
    for (const change of ["update usecase_audit set action = 'b'", "delete from usecase_audit", "truncate usecase_audit"]) {
      await expect(client.query(change), change).rejects.toMatchObject({ code: "UC003" });
    }
  } finally {
    await client.end();
    await database.drop();
  }
});
