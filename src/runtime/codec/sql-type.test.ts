import { getTableColumns } from "drizzle-orm";
import {
  bigserial,
  char,
  customType,
  integer,
  numeric,
  pgEnum,
  pgSchema,
  pgTable,
  serial,
  text,
  timestamp,
  varchar,
} from "drizzle-orm/pg-core";
import { expect, test } from "vitest";
import { castType } from "./sql-type.js";

const mood = pgEnum("Mood", ["sad"]);
const schemaMood = pgSchema("my app").enum("mood", ["ok"]);
const bits = customType<{ data: string }>({ dataType: () => "bit(8)" });
const t = pgTable("t", {
  a: varchar({ length: 20 }),
  b: char({ length: 4 }),
  c: numeric({ precision: 12, scale: 2 }),
  d: timestamp({ withTimezone: true, precision: 3 }),
  e: mood(),
  f: schemaMood(),
  g: mood().array(),
  h: integer().array().array(),
  i: serial(),
  j: bigserial({ mode: "bigint" }),
  k: text(),
  l: bits(),
  m: varchar({ length: 5 }).array(),
});

test.each([
  ["a", "varchar"],
  ["b", "bpchar"],
  ["c", "numeric"],
  ["d", "timestamp with time zone"],
  ["e", '"Mood"'],
  ["f", '"my app"."mood"'],
  ["g", '"Mood"[]'],
  ["h", "integer[][]"],
  ["i", "integer"],
  ["j", "bigint"],
  ["k", "text"],
  ["l", 'pg_catalog."bit"'],
  ["m", "varchar[]"],
] as const)("%s: %s", (key, type) => {
  expect(castType(getTableColumns(t)[key])).toBe(type);
});
