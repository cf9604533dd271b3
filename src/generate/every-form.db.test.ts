// Generated definitions of forms that are seldom used, executed as they are generated.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import type { PgTable } from "drizzle-orm/pg-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { pglite } from "../drivers/pglite.js";
import { createUseCaseCore, type UseCaseCore } from "../runtime/core.js";
import { guardStatements } from "../runtime/guards.js";
import type { ReadTransaction, WriteTransaction } from "../runtime/handler-database.js";
import type { Erased, ErasedHandler, Fields } from "../runtime/internals.js";
import { usecaseTables } from "../runtime/tables.js";
import type { UseCase } from "../runtime/use-case.js";
import { capturingDriver } from "../testing/server/fixtures/capturing-driver.js";
import { type GeneratedProject, generatedProject } from "../testing/server/fixtures/generated-project.js";
import { everyForm } from "./every-form.fixture.js";

const id = "00000000-0000-4000-8000-000000000001";
const client = new PGlite();
const sent: string[][] = [];
let project: GeneratedProject;
let core: UseCaseCore;
beforeAll(async () => {
  project = await generatedProject(everyForm);
  const schema = await load("src/db/schema.ts");
  const creation = await generateMigration(generateDrizzleJson({}), generateDrizzleJson({ ...usecaseTables(), ...schema }));
  for (const statement of [...creation, ...guardStatements()]) await client.exec(statement);
  await client.exec(
    "insert into records (id, tenant_id, state, title, amount, big, count, starts_at, text_time, version) " +
      `values ('${id}', 't', 'it''s fine', 'x', 1.5, 7, 2, '2020-01-01Z', '2020-01-01Z', 1)`,
  );
  core = createUseCaseCore({ driver: capturingDriver(pglite(client), sent), authorizer: { authorize: () => true } });
});
afterAll(async () => {
  project?.remove();
  await client.close();
});

const load = async (path: string) => import(/* @vite-ignore */ pathToFileURL(join(project.root, path)).href);

type Apply = NonNullable<ErasedHandler["apply"]>;

async function run(name: string, command: Fields, apply: (input: Parameters<Apply>[0], writes: Writes) => unknown) {
  const { defineHandler } = await load(`src/usecases/${name}/${name}.gen.ts`);
  const handler: ErasedHandler = {
    async apply(input) {
      await apply(input, input["writes"] as Writes);
      return { result: { lines: 0 } };
    },
  };
  const useCase: UseCase<Erased> = defineHandler(handler);
  const context = { actor: { type: "user", id: "u", tenantId: "t" }, idempotencyKey: `${name} ${JSON.stringify(command)}` };
  sent.length = 0;
  const { result, auditId } = await core.execute(useCase, command, context);
  expectExplained(useCase);
  const { rows } = await client.query<{ changes: Fields[] }>("select changes from usecase_audit where id = $1", [auditId]);
  return { result, changes: rows[0]?.changes };
}

/** What was sent is what is explained, but for what varies from call to call. */
function expectExplained(useCase: UseCase<Erased>) {
  const { bursts, tx } = core.explanation(useCase);
  // What such a handler sends is its own.
  if (tx !== undefined) return;
  const explained = bursts.map(({ statements }, burst) =>
    statements.map(({ sql, varies }, at) => (varies === undefined ? sql : sent[burst]?.[at])),
  );
  expect(explained).toEqual(sent);
}

type Writes = Readonly<Record<string, { insert(row: Fields): void; upsert(row: Fields): void }>>;

test("ids, locks and totals", async () => {
  const { result } = await run("keep-count", { recordId: id, title: "x", flag: true }, ({ state }, { numbered, repositories }) => {
    expect(state["totals"]).toEqual({
      rows: 1,
      kinds: 0,
      total: "1.50",
      counts: 2,
      doubled: 4,
      biggest: 7n,
      first: new Date("2020-01-01Z"),
      mean: expect.stringMatching(/^1\.50*$/),
      usual: 2,
    });
    numbered?.insert({ id: state["number"], note: "n" });
    repositories?.upsert({ id: state["repositoryId"], name: "one" });
  });
  expect(result).toMatchObject({ number: 1, repositoryId: 1, total: "1.50", biggest: "7", some: 0 });
  expect((await client.query("select id, note, version from numbered")).rows).toEqual([{ id: 1, note: "n", version: 1 }]);
});

test("upserts", async () => {
  for (const role of ["owner", "guest"]) {
    await run("put-member", { userId: id, role }, (_, { memberships }) => memberships?.upsert({ userId: id, role, visits: 1 }));
  }
  expect((await client.query("select tenant_id, role from memberships")).rows).toEqual([{ tenant_id: "t", role: "guest" }]);
});

test("deletes by condition, of the caller's tenant only", async () => {
  await client.exec(
    "insert into records (id, tenant_id, state, title, amount, big, count, starts_at, text_time, version) " +
      "select '00000000-0000-4000-8000-000000000002', 'other', state, title, amount, big, count, starts_at, text_time, 1 from records",
  );
  const command = { title: "x", before: "2026-01-01T00:00:00Z", ids: [id], note: "l" };
  const { changes } = await run("clear-records", command, () => {});
  expect(changes).toMatchObject([
    { table: "records", where: { tenantId: "t", title: "x", NOT: { state: "calm" } }, count: 1 },
    { table: "logs", count: 0 },
  ]);
  expect((await client.query("select tenant_id from records")).rows).toEqual([{ tenant_id: "other" }]);
});

test("Drizzle over the transaction, with what is queued", async () => {
  const { logs } = (await load("src/db/schema.ts")) as { logs: PgTable };
  const { changes } = await run("patch-lines", { line: "gone", userId: id }, async (input, writes) => {
    writes["logs"]?.insert({ line: "kept" });
    const tx = input["tx"] as WriteTransaction;
    expect(await tx.select().from(logs)).toEqual([{ line: "kept" }]);
    await tx.insert(logs).values({ line: "unseen" } as never);
  });
  expect(changes).toMatchObject([
    { table: "logs", operation: "delete", count: 0 },
    { table: "logs", operation: "insert" },
  ]);
  await run("count-lines", { line: "kept" }, async (input) => {
    expect(await (input["tx"] as ReadTransaction).$count(logs)).toBe(2);
  });
});
