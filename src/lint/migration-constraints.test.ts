import { expect, test } from "vitest";
import { constraintsAfter } from "./migration-constraints.js";

const table =
  'CREATE TABLE "slots" ("id" uuid PRIMARY KEY NOT NULL, "room" text, CONSTRAINT "slots_room" CHECK ("slots"."room" <> \'\'));\n';

test.each<readonly [string, readonly string[], readonly string[]]>([
  ["of a new table", [table], ["slots.slots_room check"]],
  ["of a unique index", ['CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "u" ON "app"."slots" USING btree ("room");'], ["slots.u unique"]],
  [
    "written by hand",
    ["alter table Slots add constraint Booked exclude using gist (room with =, during with &&);"],
    ["slots.booked exclude"],
  ],
  ["of a foreign key", ['ALTER TABLE "a" ADD CONSTRAINT "a_b" FOREIGN KEY ("b") REFERENCES "public"."b"("id");'], ["a.a_b foreign key"]],
  ["that a later file drops", [table, 'ALTER TABLE "slots" DROP CONSTRAINT IF EXISTS "slots_room";'], []],
  ["that the same file drops", [`${table}ALTER TABLE slots DROP CONSTRAINT slots_room;`], []],
  ["dropped and made again", [table, "ALTER TABLE slots DROP CONSTRAINT slots_room;", table], ["slots.slots_room check"]],
  ["of the same name on another table", [table, 'ALTER TABLE "rooms" DROP CONSTRAINT "slots_room";'], ["slots.slots_room check"]],
  ["gone with its table", [table, "DROP TABLE IF EXISTS slots CASCADE;"], []],
  ["gone with its column", [table, 'ALTER TABLE "slots" DROP COLUMN "room";'], []],
  ["that outlives another column", [table, 'ALTER TABLE "slots" DROP COLUMN "id";'], ["slots.slots_room check"]],
  ["of a dropped index", ["create unique index u on slots (room);", 'DROP INDEX "u";'], []],
  ["under a new name", [table, 'ALTER TABLE "slots" RENAME CONSTRAINT "slots_room" TO "named";'], ["slots.named check"]],
  ["of a renamed table", [table, 'ALTER TABLE "slots" RENAME TO "times";'], ["times.slots_room check"]],
  ["of a renamed index", ["create unique index u on slots (room);", "alter index u rename to v;"], ["slots.v unique"]],
  ["in a comment", ["-- ALTER TABLE slots ADD CONSTRAINT x CHECK (true);\n/* CREATE UNIQUE INDEX y ON slots (room); */"], []],
])("a constraint %s", (_, migrations, expected) => {
  expect(constraintsAfter(migrations).map((found) => `${found.table}.${found.name} ${found.kind}`)).toEqual(expected);
});

test("a constraint mentions its columns", () => {
  const [found] = constraintsAfter([
    'ALTER TABLE s ADD CONSTRAINT b EXCLUDE USING gist (room WITH =, "during" WITH &&), ADD COLUMN c text;',
  ]);
  expect(found?.mentions).toContain("room");
  expect(found?.mentions).toContain("during");
  expect(found?.mentions).not.toContain("c");
});
