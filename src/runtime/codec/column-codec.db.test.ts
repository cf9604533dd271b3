// Every column type through the codec, compared with what Drizzle's own session over pg writes and reads.
import { eq, getTableColumns, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import * as p from "drizzle-orm/pg-core";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, runStatements, type TestDatabase } from "../../testing/server/test-database.js";
import { columnCodec } from "./column-codec.js";
import { castType } from "./sql-type.js";

const mood = p.pgEnum("mood", ["sad", 'o"k']);
const wrapped = p.customType<{ data: { x: string }; driverData: string }>({
  dataType: () => "text",
  toDriver: (value) => `c:${value.x}`,
  fromDriver: (text) => ({ x: text.slice(2) }),
});
const wrappedJson = p.customType<{ data: { k: number }; driverData: unknown }>({
  dataType: () => "jsonb",
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (value) => ({ k: (value as { k: number }).k }),
});
const bytea = p.customType<{ data: Buffer }>({ dataType: () => "bytea" });

const types = p.pgTable("types", {
  id: p.integer().primaryKey(),
  smallint: p.smallint(),
  bigNumber: p.bigint("big_number", { mode: "number" }),
  bigInt: p.bigint("big_int", { mode: "bigint" }),
  numeric: p.numeric(),
  numericNumber: p.numeric("numeric_number", { mode: "number" }),
  numericBigint: p.numeric("numeric_bigint", { mode: "bigint" }),
  scaled: p.numeric({ precision: 12, scale: 2 }),
  real: p.real(),
  double: p.doublePrecision(),
  boolean: p.boolean(),
  text: p.text(),
  varchar: p.varchar({ length: 20 }),
  uuid: p.uuid(),
  date: p.date({ mode: "date" }),
  dateString: p.date("date_string", { mode: "string" }),
  instant: p.timestamp({ withTimezone: true }),
  instantString: p.timestamp("instant_string", { withTimezone: true, mode: "string" }),
  local: p.timestamp(),
  localString: p.timestamp("local_string", { mode: "string" }),
  time: p.time(),
  interval: p.interval(),
  json: p.json(),
  jsonb: p.jsonb(),
  jsonText: p.jsonb("json_text"),
  mood: mood(),
  texts: p.text().array(),
  integers: p.integer().array(),
  numerics: p.numeric().array(),
  moods: mood().array(),
  instants: p.timestamp({ withTimezone: true }).array(),
  jsons: p.jsonb().array(),
  matrix: p.integer().array().array(),
  bytes: bytea(),
  point: p.point(),
  pointXy: p.point("point_xy", { mode: "xy" }),
  inet: p.inet(),
  custom: wrapped(),
  customJson: wrappedJson("custom_json"),
});
const now = new Date("2026-11-22T10:00:00.123Z");
const row: typeof types.$inferSelect = {
  id: 1,
  smallint: -2,
  bigNumber: 9_007_199_254_740_991,
  bigInt: 9_223_372_036_854_775_807n,
  numeric: "12345678901234567890.10",
  numericNumber: 1.5,
  numericBigint: 123_456_789_012_345_678n,
  scaled: "19.90",
  real: 1.5,
  double: 0.1,
  boolean: false,
  text: "a'\"\\\n😀",
  varchar: "v",
  uuid: "018f3c5e-0000-7000-8000-000000000001",
  date: new Date("2026-11-22T00:00:00Z"),
  dateString: "2026-11-22",
  instant: now,
  instantString: "2026-11-22 10:00:00.123456+00",
  local: now,
  localString: "2026-11-22 10:00:00.123456",
  time: "10:00:00",
  interval: "1 day 02:00:00",
  json: { a: [1, null] },
  jsonb: { a: [1, null], s: "x" },
  jsonText: "a text",
  mood: 'o"k',
  texts: ["a,b", '"q"', "NULL", "", "\\", "{}"],
  integers: [1, 2],
  numerics: ["1.10", "2"],
  moods: ["sad", 'o"k'],
  instants: [now],
  jsons: [{ x: 1 }, { y: '"' }],
  matrix: [
    [1, 2],
    [3, 4],
  ],
  bytes: Buffer.from([0, 255]),
  point: [1, 2],
  pointXy: { x: 1, y: 2 },
  inet: "10.0.0.1",
  custom: { x: "z" },
  customJson: { k: 1 },
};
// Drizzle over pg cannot write these, or reads them back otherwise: there is nothing to compare with, but the value itself.
const brokenInDrizzle = new Set(["texts", "moods", "jsons", "jsonText"]);

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  const columns = Object.values(getTableColumns(types)).map((column) => `"${column.name}" ${column.getSQLType()}`);
  await runStatements(database.url, [`create type mood as enum ('sad', 'o"k')`, `create table types (${columns.join(", ")})`]);
  client = new pg.Client(database.url);
  await client.connect();
  await client.query("set time zone 'UTC'");
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const keys = Object.keys(getTableColumns(types)).filter((key) => key !== "id") as (keyof typeof row)[];

test.each(keys)("%s: written as text and read back as text, the value is the same", async (key) => {
  const column = getTableColumns(types)[key];
  const { encode, decode } = columnCodec(column);
  await client.query("delete from types");
  await client.query(`insert into types (id, "${column.name}") values (1, $1)`, [encode(row[key])]);
  const read = async () => {
    const answer = await client.query<string[]>({
      text: `select "${column.name}" from types`,
      rowMode: "array",
      types: { getTypeParser: () => (text: string) => text },
    });
    return answer.rows[0]?.[0] ?? null;
  };
  expect(decode(await read())).toEqual(row[key]);
  if (!brokenInDrizzle.has(key)) {
    const [drizzled] = await drizzle(client).select().from(types).where(eq(types.id, 1));
    expect(decode(await read())).toEqual(drizzled?.[key]);
  }
  // With a cast, as in VALUES lists.
  await client.query(`update types set "${column.name}" = v.c from (values (1, $1::${castType(column)})) v(id, c) where types.id = v.id`, [
    encode(row[key]),
  ]);
  expect(decode(await read())).toEqual(row[key]);
  // As a text in JSON that is cast.
  await client.query(
    `update types set "${column.name}" = v.c::${castType(column)} from jsonb_to_recordset($1::jsonb) v(id integer, c text) where types.id = v.id`,
    [JSON.stringify([{ id: 1, c: encode(row[key]) }])],
  );
  expect(decode(await read())).toEqual(row[key]);
});

test("null is null", () => {
  for (const column of Object.values(getTableColumns(types))) {
    const { encode, decode } = columnCodec(column);
    expect([encode(null), decode(null)]).toEqual([null, null]);
  }
  expect(columnCodec(types.texts).decode('{NULL,"a"}')).toEqual([null, "a"]);
});

test.each([
  [types.text, undefined, /undefined/],
  [types.text, "\0", /NUL/],
  [types.text, "\ud800", /surrogate/],
  [types.double, Number.NaN, /finite/],
  [types.jsonb, { a: "\0" }, /NUL/],
  [types.texts, ["a", "\0"], /NUL/],
  [types.texts, "a", /not an array/],
  [types.texts, [undefined], /undefined/],
  [types.instant, "2026", /toISOString/],
  [types.instant, sql`now()`, /SQL expression/],
  [types.text, Symbol("s"), /symbol/],
])("refused before anything is sent: %#", (column, value, message) => {
  expect(() => columnCodec(column).encode(value)).toThrow(message);
  expect(() => columnCodec(column).encode(value)).toThrow(TypeError);
});
