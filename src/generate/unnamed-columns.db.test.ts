// Columns without a name of their own under Drizzle's `casing`, and views: generated, and executed on a server.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodePostgres } from "../drivers/node-postgres.js";
import { createUseCaseCore, type UseCaseCore } from "../runtime/core.js";
import { type GeneratedProject, generatedProject } from "../testing/server/fixtures/generated-project.js";
import { applyRuntimeTables, createTestDatabase, runStatements, type TestDatabase } from "../testing/server/test-database.js";

const schema = `import { eq, sql } from "drizzle-orm";
import { bigint, integer, pgMaterializedView, pgSchema, pgTable, pgView, text, timestamp, unique, uuid } from "drizzle-orm/pg-core";

export const work = pgSchema("work");
export const taskState = work.enum("task_state", ["openNow", "done"]);
export const people = work.table("people", { personId: uuid().primaryKey(), mailAddress: text().notNull().unique() });
export const tasks = work.table("tasks", {
  taskId: uuid().primaryKey(),
  ownerId: uuid().notNull().references(() => people.personId),
  shortTitle: text().notNull(),
  state: taskState().notNull(),
  doneCount: integer().notNull(),
  tagNames: text().array().notNull(),
  doubleCount: integer().generatedAlwaysAs(sql\`done_count * 2\`),
  namedByHand: text("namedByHand").notNull(),
  changedAt: timestamp({ withTimezone: true }).notNull().defaultNow().$onUpdate(() => new Date()),
}, (table) => [unique("tasks_title").on(table.ownerId, table.shortTitle)]);
export const ticketNumbers = pgTable("ticket_numbers", { ticketId: bigint({ mode: "number" }).primaryKey().generatedAlwaysAsIdentity(), taskId: uuid().notNull() });

export const ownedTasks = pgView("owned_tasks").as((query) =>
  query
    .select({ taskId: tasks.taskId, title: tasks.shortTitle, doneCount: tasks.doneCount, mailAddress: people.mailAddress, shout: sql<string>\`upper(\${tasks.shortTitle})\`.as("shout") })
    .from(tasks)
    .innerJoin(people, eq(people.personId, tasks.ownerId)),
);
export const taskTotals = pgMaterializedView("task_totals", { ownerId: uuid(), allDone: bigint({ mode: "number" }) })
  .as(sql\`select owner_id, sum(done_count) as all_done from work.tasks group by owner_id\`);
`;

const spec = `usecase: FinishTask
summary: Finish a task.
command: { taskId: uuid, note: { type: string, maxLength: 10 } }
idempotency: { key: caller }
state:
  task:
    table: tasks
    where: { taskId: command.taskId, doneCount: { gte: { const: 0 } }, tagNames: { isNotNull: true }, namedByHand: { ne: command.note } }
    lock: no key update
  siblings: { table: tasks, where: { ownerId: task.ownerId }, columns: [taskId, shortTitle], orderBy: [{ changedAt: desc }], cardinality: many, limit: 5 }
  counts: { table: tasks, where: { ownerId: task.ownerId }, aggregate: { all: { sum: doneCount }, doubled: { max: doubleCount } } }
  ticketId: { sequence: ticketNumbers.ticketId }
  owned: { table: ownedTasks, columns: [taskId, title, mailAddress], where: { mailAddress: { isNotNull: true }, taskId: command.taskId }, orderBy: [title], cardinality: optional }
  ownedCount: { table: ownedTasks, where: { taskId: command.taskId }, aggregate: { rows: count, most: { max: doneCount } } }
  total: { table: taskTotals, where: { ownerId: task.ownerId, allDone: { gte: { const: 0 } } }, orderBy: [allDone], cardinality: optional }
policies: [{ permission: tasks.finish }]
writes:
  tasks: { insert: true, update: [doneCount, shortTitle, state] }
  people: { upsert: { key: [mailAddress], update: [mailAddress] } }
  ticketNumbers: { insert: true, delete: { where: { taskId: { ne: command.taskId } } } }
tx: write
result: { seen: json }
audit: { subject: { type: Task, id: task.taskId } }
`;

const handler = `import { eq } from "drizzle-orm";
import { tasks } from "../../../schema.js";
import { defineHandler } from "./finish-task.gen.js";
export const finishTaskHandler = defineHandler({
  async apply({ command, state, writes, tx, newId }) {
    const { task, siblings, counts, ticketId, owned, ownedCount, total } = state;
    writes.tasks.update(task, { doneCount: task.doneCount + 1, state: "done" });
    writes.tasks.insert({ taskId: newId(), ownerId: task.ownerId, shortTitle: "second", state: "openNow", doneCount: 0, tagNames: ["a"], namedByHand: "" });
    writes.people.upsert({ personId: newId(), mailAddress: "m" });
    writes.ticketNumbers.insert({ ticketId, taskId: task.taskId });
    const [now] = await tx.select().from(tasks).where(eq(tasks.shortTitle, "second"));
    return { result: { seen: { siblings, counts, ticketId, owned, ownedCount, total, now: now.doubleCount, state: task.state } } };
  },
});
`;

const id = "00000000-0000-4000-8000-000000000001";
let project: GeneratedProject;
let database: TestDatabase;
let pool: pg.Pool;
let core: UseCaseCore;

beforeAll(async () => {
  project = await generatedProject({
    "schema.ts": schema,
    "drizzle.config.ts":
      'export default { schema: "schema.ts", /* casing: "camelCase" */ introspect: { casing: "camel" }, casing: "snake_case" };',
    "specs/finish-task.usecase.yaml": spec,
    "src/usecases/finish-task/finish-task.handler.ts": handler,
  });
  database = await createTestDatabase();
  await applyRuntimeTables(database.url);
  const tables = await import(/* @vite-ignore */ pathToFileURL(join(project.root, "schema.ts")).href);
  const json = generateDrizzleJson(tables, undefined, undefined, "snake_case");
  await runStatements(database.url, [
    ...(await generateMigration(generateDrizzleJson({}), json)),
    `insert into work.people values ('${id}', 'm')`,
    `insert into work.tasks (task_id, owner_id, short_title, state, done_count, tag_names, "namedByHand") values ('${id}', '${id}', 'first', 'openNow', 3, '{}', 'x')`,
    `insert into ticket_numbers (task_id) values ('00000000-0000-4000-8000-000000000009')`,
    "refresh materialized view task_totals",
  ]);
  pool = new pg.Pool({ connectionString: database.url, pipeline: true });
  core = createUseCaseCore({ driver: nodePostgres(pool), authorizer: { authorize: () => true } });
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
  project?.remove();
});

test("every statement names what the casing makes of a name", async () => {
  expect(project.findings.filter(({ severity }) => severity === "error")).toEqual([]);
  const finishTask = await project.useCase("finishTask");
  const { result } = await core.execute(
    finishTask,
    { taskId: id, note: "n" },
    { actor: { type: "user", id: "u", tenantId: "t" }, idempotencyKey: "1" },
  );
  expect(result).toEqual({
    seen: {
      siblings: [{ taskId: id, shortTitle: "first" }],
      counts: { all: 3, doubled: 6 },
      ticketId: 2,
      owned: { taskId: id, title: "first", mailAddress: "m" },
      ownedCount: { rows: 1, most: 3 },
      total: { ownerId: id, allDone: 3 },
      now: 0,
      state: "openNow",
    },
  });
  const { rows } = await pool.query("select short_title, state, done_count, changed_at is not null as changed from work.tasks order by 1");
  expect(rows).toEqual([
    { short_title: "first", state: "done", done_count: 4, changed: true },
    { short_title: "second", state: "openNow", done_count: 0, changed: true },
  ]);
  expect((await pool.query("select ticket_id from ticket_numbers")).rows).toEqual([{ ticket_id: "2" }]);
});
