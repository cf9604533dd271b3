// The double booking: what `state/check-then-write` finds happens on a real server, and does not where it is silent.
import { randomUUID } from "node:crypto";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodePostgres } from "../../drivers/node-postgres.js";
import { createUseCaseCore } from "../../runtime/core.js";
import { type GeneratedProject, generatedProject } from "../../testing/server/fixtures/generated-project.js";
import { applyRuntimeTables, createTestDatabase, runStatements, type TestDatabase } from "../../testing/server/test-database.js";

const schema = `
import { index, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
export const rooms = pgTable("rooms", { id: uuid().primaryKey(), name: text().notNull() });
export const bookings = pgTable("bookings", {
  id: uuid().primaryKey(),
  roomId: uuid("room_id").notNull().references(() => rooms.id),
  fromHour: integer("from_hour").notNull(),
  toHour: integer("to_hour").notNull(),
}, (table) => [index("bookings_room").on(table.roomId, table.fromHour)]);
`;

const bookRoom = (state: string, roomId: string, more = "") => `
usecase: BookRoom
summary: Book a room for some hours.
command:
  roomId: uuid
  fromHour: { type: integer, minimum: 0, maximum: 23 }
  toHour: { type: integer, minimum: 1, maximum: 24 }
idempotency: { key: caller }
state:
${state}  overlapping:
    table: bookings
    where: { roomId: ${roomId}, fromHour: { lt: command.toHour }, toHour: { gt: command.fromHour } }
    cardinality: many
policies:
  - rule: size(overlapping) == 0
    error: RoomTaken
writes: { bookings: [insert] }
result: {}
errors: { RoomTaken: conflict }
audit: { subject: { type: Room, id: command.roomId } }
${more}`;

const handler = `
import { defineHandler } from "./book-room.gen.js";
export const bookRoomHandler = defineHandler({
  apply({ command, writes }) {
    writes.bookings.insert({ roomId: command.roomId, fromHour: command.fromHour, toHour: command.toHour });
    return { result: {} };
  },
});
`;

let database: TestDatabase;
let pool: pg.Pool;
const projects: GeneratedProject[] = [];
async function project(spec: string): Promise<GeneratedProject> {
  const made = await generatedProject({
    "schema.ts": schema,
    "specs/book-room.usecase.yaml": spec,
    "src/usecases/book-room/book-room.handler.ts": handler,
  });
  projects.push(made);
  return made;
}

beforeAll(async () => {
  database = await createTestDatabase();
  await applyRuntimeTables(database.url);
  const tables = await (await project(bookRoom("", "command.roomId"))).tables();
  await runStatements(database.url, await generateMigration(generateDrizzleJson({}), generateDrizzleJson(tables)));
  pool = new pg.Pool({ connectionString: database.url, pipeline: true, max: 10 });
});
afterAll(async () => {
  for (const made of projects) made.remove();
  await pool.end();
  await database.drop();
});

/** Books one room for overlapping hours, several times at once; how many got it, and how many were told why not. */
async function bookAtOnce(made: GeneratedProject, calls: number): Promise<{ readonly booked: number; readonly refused: number }> {
  const useCase = await made.useCase("bookRoom");
  const core = createUseCaseCore({ driver: nodePostgres(pool) });
  const roomId = randomUUID();
  await pool.query("insert into rooms (id, name) values ($1, 'r')", [roomId]);
  const answers = await Promise.all(
    Array.from({ length: calls }, (_, hour) =>
      core.tryExecute(
        useCase,
        { roomId, fromHour: hour, toHour: hour + calls },
        { actor: { type: "user", id: "u-1", tenantId: "t-1", roles: [] }, idempotencyKey: randomUUID() },
      ),
    ),
  );
  const { rows } = await pool.query("select 1 from bookings where room_id = $1", [roomId]);
  expect(answers.filter(({ ok }) => ok)).toHaveLength(rows.length);
  const refused = answers.filter((answer) => !answer.ok && answer.error.code === "RoomTaken").length;
  return { booked: rows.length, refused };
}

test("decided without a lock: lint says so, and the room is booked twice", async () => {
  const made = await project(bookRoom("", "command.roomId"));
  expect(made.findings.map(({ file, line, ruleId, related }) => ({ at: `${file}:${line} ${ruleId}`, related }))).toEqual([
    {
      at: "specs/book-room.usecase.yaml:15 state/check-then-write",
      related: [
        expect.objectContaining({ line: 10, message: "overlapping is loaded here" }),
        expect.objectContaining({ line: 17, message: "BookRoom inserts into bookings" }),
      ],
    },
  ]);
  let most = 0;
  for (let round = 0; round < 20 && most < 2; round++) most = Math.max(most, (await bookAtOnce(made, 8)).booked);
  expect(most).toBeGreaterThan(1);
});

test.each([
  [
    "found through the room, which is locked first",
    bookRoom("  room: { table: rooms, where: { id: command.roomId }, lock: no key update }\n", "room.id"),
  ],
  [
    "beside the room, which is locked first",
    bookRoom("  room: { table: rooms, where: { id: command.roomId }, lock: no key update }\n", "command.roomId"),
  ],
  ["serializable", bookRoom("", "command.roomId", "transaction: { isolation: serializable, retries: 20 }\n")],
])("%s: lint is silent, and the room is booked once", async (_, spec) => {
  const made = await project(spec);
  expect(made.findings.filter(({ ruleId }) => !ruleId.startsWith("transaction/"))).toEqual([]);
  for (let round = 0; round < 10; round++) expect(await bookAtOnce(made, 8)).toEqual({ booked: 1, refused: 7 });
});
