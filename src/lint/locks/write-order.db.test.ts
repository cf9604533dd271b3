// The order in which the write statement takes its locks, watched on a real server: somebody holds the rows of one step,
// and the call, which waits for them, has by then the rows of the steps before and none of those after.
import { randomUUID } from "node:crypto";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodePostgres } from "../../drivers/node-postgres.js";
import { createUseCaseCore } from "../../runtime/core.js";
import { loadProject } from "../../spec/load-project.js";
import { type GeneratedProject, generatedProject } from "../../testing/server/fixtures/generated-project.js";
import { applyRuntimeTables, createTestDatabase, runStatements, type TestDatabase } from "../../testing/server/test-database.js";
import { createProjectContext } from "../project-context.js";
import { unchangedColumns } from "./gates.js";
import { lockSequence } from "./use-case-steps.js";

const names = ["counted", "deleted", "gone", "locked", "parents", "updated"];
const files = {
  "usecase.config.yaml": "schema: schema.ts\nimports: .js\nlockOrder: [gone, deleted]\n",
  "schema.ts": `
import { integer, pgTable, uuid } from "drizzle-orm/pg-core";
${names.map((name) => `export const ${name} = pgTable("${name}", { id: uuid().primaryKey(), count: integer().notNull() });`).join("\n")}
export const children = pgTable("children", { id: uuid().primaryKey(), parentId: uuid("parent_id").notNull().references(() => parents.id) });
`,
  "specs/change-all.usecase.yaml": `
usecase: ChangeAll
summary: Change rows of every table.
command: { id: uuid }
idempotency: { key: caller }
state:
${names.map((name) => `  ${name}: { table: ${name}, where: { id: command.id }${name === "locked" ? ", lock: no key update" : ""} }`).join("\n")}
policies: [{ permission: all }]
writes:
  children: [insert]
  counted: { increment: [count] }
  locked: { update: [count] }
  updated: { update: [count] }
  deleted: [delete]
  gone: [delete]
result: {}
`,
  "src/usecases/change-all/change-all.handler.ts": `
import { defineHandler } from "./change-all.gen.js";
export const changeAllHandler = defineHandler({
  apply({ state, writes }) {
    writes.children.insert({ parentId: state.parents.id });
    writes.counted.increment({ id: state.counted.id }, { count: 1 });
    writes.updated.update(state.updated, { count: 1 });
    writes.locked.update(state.locked, { count: 1 });
    writes.deleted.delete(state.deleted);
    writes.gone.delete(state.gone);
    return { result: {} };
  },
});
`,
};

let database: TestDatabase;
let pool: pg.Pool;
let project: GeneratedProject;
beforeAll(async () => {
  database = await createTestDatabase();
  await applyRuntimeTables(database.url);
  project = await generatedProject(files);
  await runStatements(database.url, await generateMigration(generateDrizzleJson({}), generateDrizzleJson(await project.tables())));
  pool = new pg.Pool({ connectionString: database.url, pipeline: true, max: 5 });
});
afterAll(async () => {
  project?.remove();
  await pool.end();
  await database.drop();
});

test("deletes, updates, increments, and foreign keys last", async () => {
  const { useCases } = createProjectContext((await loadProject({ cwd: project.root })).project);
  const [context] = useCases;
  if (context === undefined) throw new Error("There is no use case.");
  const { steps } = lockSequence(context, { lockOrder: ["gone", "deleted"] }, unchangedColumns(useCases));
  const assumed = steps.map(({ resource }) => resource);
  expect(assumed).toEqual(["locked", "gone", "deleted", "updated", "counted", "parents"]);
  for (const [index, name] of assumed.entries()) expect(await heldWhileWaitingFor(name), name).toEqual(assumed.slice(0, index).sort());
});

/** The tables whose rows a call has locked when it waits for the row of this one. */
async function heldWhileWaitingFor(table: string): Promise<readonly string[]> {
  const id = randomUUID();
  for (const name of names) await pool.query(`insert into ${name} values ($1, 0)`, [id]);
  const holder = new pg.Client({ connectionString: database.url });
  await holder.connect();
  await holder.query(`begin; select 1 from ${table} where id = '${id}' for update`);
  const core = createUseCaseCore({ driver: nodePostgres(pool), authorizer: { authorize: () => true } });
  const actor = { type: "user" as const, id: "u-1", tenantId: "t-1", roles: [] };
  const call = core.execute(await project.useCase("changeAll"), { id }, { actor, idempotencyKey: randomUUID() });
  const waiting = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()";
  await expect.poll(async () => (await pool.query(waiting)).rows.length).toBe(1);
  const held: string[] = [];
  for (const name of names.filter((other) => other !== table)) {
    const free = await pool.query(`select 1 from ${name} where id = $1 for update nowait`, [id]).then(
      () => true,
      () => false,
    );
    if (!free) held.push(name);
  }
  await holder.query("rollback");
  await holder.end();
  await call;
  return held.sort();
}
