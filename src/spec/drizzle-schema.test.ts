import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateDrizzleJson } from "drizzle-kit/api";
import { afterAll, expect, test } from "vitest";
import { readDatabaseSchema } from "./drizzle-schema.js";
import type { DatabaseSchema, Table } from "./model.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
// Below this package, so that the modules find drizzle-orm.
mkdirSync(join(repository, ".tmp"), { recursive: true });
const root = mkdtempSync(join(repository, ".tmp", "schema-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
/** Writes modules into a folder of their own and gives its path, relative to the root. */
function folder(files: Readonly<Record<string, string>>): string {
  const name = `project-${folders++}`;
  for (const [file, text] of Object.entries(files)) {
    const path = join(root, name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return name;
}

async function schemaOf(files: Readonly<Record<string, string>>, modules?: readonly string[]): Promise<DatabaseSchema> {
  const name = folder(files);
  const reading = await readDatabaseSchema(root, modules?.map((module) => `${name}/${module}`) ?? [name]);
  if ("failure" in reading) throw new Error(reading.failure.message);
  return reading.schema;
}

async function failureOf(files: Readonly<Record<string, string>>, timeLimitMs?: number) {
  const name = folder(files);
  const reading = await readDatabaseSchema(root, [name], timeLimitMs === undefined ? {} : { timeLimitMs });
  if (!("failure" in reading)) throw new Error("The schema was read.");
  return { module: reading.failure.module.replace(`${name}/`, ""), message: reading.failure.message };
}

const tableNamed = (schema: DatabaseSchema, name: string): Table => {
  const table = schema.tables.find((candidate) => candidate.name === name);
  if (table === undefined) throw new Error(`No table ${name}`);
  return table;
};

const everyForm = `
  import { inArray, relations, sql } from "drizzle-orm";
  import { bigint, bigserial, boolean, check, customType, date, foreignKey, index, integer, json, jsonb, numeric, pgEnum, pgMaterializedView, pgSchema,
    pgTable, pgView, primaryKey, serial, text, timestamp, unique, uniqueIndex, uuid, varchar } from "drizzle-orm/pg-core";
  const stamps = { createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(), updatedAt: timestamp({ mode: "string", precision: 3 }).$onUpdate(() => "x") };
  export const mood = pgEnum("mood", ["sad", "happy"]);
  const hidden = pgEnum("hidden_kind", ["a", "b"]);
  export const auth = pgSchema("auth");
  export const role = auth.enum("role", ["admin", "clerk"]);
  export const users = auth.table("users", {
    id: uuid().primaryKey().defaultRandom(),
    email: varchar({ length: 320 }).notNull().unique("users_email_key"),
    handle: text().unique(),
    mood: mood(),
    role: role().notNull().default("clerk"),
    kind: hidden(),
    tags: text().array().notNull().default([]),
    moods: mood().array(),
    plan: text({ enum: ["free", "pro"] }).notNull(),
    ...stamps,
  }, (t) => [
    uniqueIndex("users_lower_email").on(sql\`lower(\${t.email})\`),
    uniqueIndex("users_active_handle").on(t.handle).where(sql\`\${t.mood} is not null\`),
    uniqueIndex("users_plan_handle").on(t.plan, t.handle),
    index("users_created").on(t.createdAt.desc(), t.email),
  ]);
  export const counters = pgTable("counters", {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    other: integer().generatedByDefaultAsIdentity(),
    ticket: bigserial({ mode: "bigint" }).notNull(),
    legacy: serial(),
    total: numeric({ precision: 12, scale: 2 }).notNull(),
    views: bigint({ mode: "number" }),
    exact: bigint({ mode: "bigint" }),
    flag: boolean(), day: date(), payload: jsonb(), raw: json(),
    doubled: integer().generatedAlwaysAs(sql\`total * 2\`),
  });
  export const members = pgTable("members", {
    userId: uuid("user_id").notNull().references(() => users.id, { onDelete: "cascade" }),
    teamId: integer("team_id").notNull(),
    teamRegion: text("team_region").notNull(),
    share: integer(),
  }, (t) => [
    primaryKey({ columns: [t.userId, t.teamId] }),
    unique("members_share").on(t.teamId, t.share),
    unique().on(t.share),
    foreignKey({ name: "members_team", columns: [t.teamId, t.teamRegion], foreignColumns: [teams.id, teams.region] }),
    check("members_share_check", sql\`\${t.share} > 0\`),
    check("listed", sql\`\${t.teamRegion} in ('eu', 'us''s')\`),
    check("listed_by_name", sql\`team_region IN ('eu')\`),
    check("in_array", inArray(t.teamRegion, ["eu", "us's"])),
    check("in_texts", sql\`\${t.teamRegion} in \${["eu", "us"]}\`),
    check("more_than_a_list", sql\`\${t.teamRegion} in ('eu') or \${t.share} > 1\`),
    check("numbers", sql\`\${t.share} in (1, 2)\`),
  ]);
  export const visits = pgTable("visits", {
    userId: uuid().notNull().references(() => users.id), atDoor: integer().notNull(), seen_by: text().unique(), teamId: integer(), teamRegion: text(),
  }, (t) => [
    primaryKey({ columns: [t.userId, t.atDoor] }), unique().on(t.atDoor, t.teamId), index().on(t.teamId, t.atDoor),
    foreignKey({ columns: [t.teamId, t.teamRegion], foreignColumns: [teams.id, teams.region] }),
  ]);
  export const teams = pgTable("teams", { id: integer().notNull(), region: text().notNull() }, (t) => [primaryKey({ columns: [t.id, t.region] })]);
  export const activeUsers = pgView("active_users").as((q) => q.select({ id: users.id, mail: users.email, shout: sql<string>\`upper(\${users.email})\`.as("shout") }).from(users));
  export const totals = auth.materializedView("totals", { day: date().notNull(), total: numeric() }).existing();
  const money = customType({ dataType: () => "money", fromDriver: (text) => text });
  export const wallets = pgTable("wallets", { id: uuid().primaryKey(), held: money().notNull() });
  export const usersRelations = relations(users, ({ many }) => ({ members: many(members) }));
  export const helper = (value: number) => value + 1;
`;

test("the sample schema", async () => {
  const reading = await readDatabaseSchema(repository, ["generated-example/src/db/schema.ts"]);
  if ("failure" in reading) throw new Error(reading.failure.message);
  const { schema } = reading;
  expect(schema.tables.map((table) => table.name).sort()).toEqual([
    "inventoryBalances",
    "inventoryMovements",
    "orderLines",
    "orders",
    "payments",
    "products",
    "reservations",
  ]);
  expect(schema.enums).toEqual([{ name: "order_status", values: ["draft", "reserved", "paid", "shipped", "cancelled"] }]);
  const orders = tableNamed(schema, "orders");
  expect(orders).toMatchObject({ module: "generated-example/src/db/schema.ts", sqlName: "orders", kind: "table", primaryKey: ["id"] });
  expect(orders.uniques).toEqual([{ name: "orders_order_number_unique", columns: ["tenantId", "orderNumber"], partial: false }]);
  expect(orders.columns.find((column) => column.name === "status")).toEqual({
    name: "status",
    sqlName: "status",
    sqlType: "order_status",
    columnType: "PgEnumColumn",
    dataType: "string",
    enumValues: ["draft", "reserved", "paid", "shipped", "cancelled"],
    notNull: true,
    hasDefault: true,
    generated: undefined,
  });
  expect(tableNamed(schema, "orderLines").foreignKeys).toEqual([
    { name: "order_lines_order_id_orders_id_fk", columns: ["orderId"], table: "orders", foreignColumns: ["id"] },
    { name: "order_lines_sku_products_sku_fk", columns: ["sku"], table: "products", foreignColumns: ["sku"] },
  ]);
  expect(tableNamed(schema, "inventoryBalances").checks).toEqual([{ name: "inventory_balances_quantity_check", columns: ["quantity"] }]);
});

test("every form of table, view, enum, key and index", async () => {
  const schema = await schemaOf({ "schema.ts": everyForm });
  expect(schema.enums).toEqual([
    { name: "mood", values: ["sad", "happy"] },
    { name: "role", values: ["admin", "clerk"] },
    { name: "hidden_kind", values: ["a", "b"] },
  ]);

  const users = tableNamed(schema, "users");
  expect(users).toMatchObject({ sqlName: "users", sqlSchema: "auth", primaryKey: ["id"] });
  expect(users.uniques).toEqual([
    { name: "users_email_key", columns: ["email"], partial: false },
    { name: "users_handle_unique", columns: ["handle"], partial: false },
    { name: "users_active_handle", columns: ["handle"], partial: true },
    { name: "users_plan_handle", columns: ["plan", "handle"], partial: false },
  ]);
  expect(users.indexes).toEqual([
    { name: "users_lower_email", columns: [null], unique: true, partial: false },
    { name: "users_active_handle", columns: ["handle"], unique: true, partial: true },
    { name: "users_plan_handle", columns: ["plan", "handle"], unique: true, partial: false },
    { name: "users_created", columns: ["createdAt", "email"], unique: false, partial: false },
  ]);
  const column = (table: Table, name: string) => table.columns.find((candidate) => candidate.name === name);
  expect(column(users, "tags")).toMatchObject({
    sqlType: "text[]",
    columnType: "PgArray",
    element: { sqlType: "text", columnType: "PgText" },
  });
  expect(column(users, "moods")?.element).toMatchObject({ columnType: "PgEnumColumn", enumValues: ["sad", "happy"] });
  expect(column(users, "plan")).toMatchObject({ enumValues: ["free", "pro"], notNull: true, hasDefault: false });
  expect(column(users, "createdAt")).toMatchObject({ sqlName: "created_at", columnType: "PgTimestamp", hasDefault: true });
  expect(column(users, "updatedAt")).toMatchObject({ columnType: "PgTimestampString", sqlType: "timestamp(3)", hasDefault: true });

  const counters = tableNamed(schema, "counters");
  expect(Object.fromEntries(counters.columns.map(({ name, generated }) => [name, generated]))).toMatchObject({
    id: "identity always",
    other: "identity by default",
    ticket: "serial",
    legacy: "serial",
    total: undefined,
    doubled: "expression",
  });
  expect(counters.columns.map(({ columnType }) => columnType)).toEqual([
    "PgInteger",
    "PgInteger",
    "PgBigSerial64",
    "PgSerial",
    "PgNumeric",
    "PgBigInt53",
    "PgBigInt64",
    "PgBoolean",
    "PgDateString",
    "PgJsonb",
    "PgJson",
    "PgInteger",
  ]);

  const members = tableNamed(schema, "members");
  expect(members.primaryKey).toEqual(["userId", "teamId"]);
  expect(members.uniques).toEqual([
    { name: "members_share", columns: ["teamId", "share"], partial: false },
    { name: "members_share_unique", columns: ["share"], partial: false },
  ]);
  expect(members.foreignKeys).toEqual([
    { name: "members_user_id_users_id_fk", columns: ["userId"], table: "users", foreignColumns: ["id"], onDelete: "cascade" },
    { name: "members_team", columns: ["teamId", "teamRegion"], table: "teams", foreignColumns: ["id", "region"] },
  ]);
  expect(members.checks).toEqual([
    { name: "members_share_check", columns: ["share"] },
    { name: "listed", columns: ["teamRegion"], values: ["eu", "us's"] },
    { name: "listed_by_name", columns: ["teamRegion"], values: ["eu"] },
    { name: "in_array", columns: ["teamRegion"], values: ["eu", "us's"] },
    { name: "in_texts", columns: ["teamRegion"], values: ["eu", "us"] },
    { name: "more_than_a_list", columns: ["teamRegion", "share"] },
    { name: "numbers", columns: ["share"] },
  ]);

  const view = tableNamed(schema, "activeUsers");
  expect(view).toMatchObject({ kind: "view", sqlName: "active_users", primaryKey: [] });
  expect(view.columns.map(({ name, sqlName, columnType }) => [name, sqlName, columnType])).toEqual([
    ["id", "id", "PgUUID"],
    ["mail", "email", "PgVarchar"],
    ["shout", "shout", "SQL"],
  ]);
  expect(tableNamed(schema, "totals")).toMatchObject({ kind: "view", sqlSchema: "auth", columns: [{ name: "day" }, { name: "total" }] });
  expect(column(tableNamed(schema, "wallets"), "held")).toMatchObject({
    sqlType: "money",
    columnType: "PgCustomColumn",
    dataType: "custom",
  });
  expect(schema.tables).toHaveLength(8);
});

test.each(["snake_case", "camelCase"] as const)("under the casing %s all is named as drizzle-kit names it", async (casing) => {
  const name = folder({ "schema.ts": everyForm });
  const reading = await readDatabaseSchema(root, [name], { casing });
  if ("failure" in reading) throw new Error(reading.failure.message);
  const snapshot = generateDrizzleJson(await import(/* @vite-ignore */ join(root, name, "schema.ts")), undefined, undefined, casing);
  const tables = reading.schema.tables.filter(({ kind }) => kind === "table");
  expect(tables).toHaveLength(6);
  for (const table of tables) {
    const made = snapshot.tables[`${table.sqlSchema ?? "public"}.${table.sqlName}`];
    expect(table.columns.map(({ sqlName }) => sqlName)).toEqual(Object.keys(made?.columns ?? {}));
    expect(table.foreignKeys.map((key) => key.name)).toEqual(Object.keys(made?.foreignKeys ?? {}));
    expect(table.indexes.map((index) => index.name)).toEqual(Object.keys(made?.indexes ?? {}));
    const indexes = table.indexes.map((index) => index.name);
    const uniques = table.uniques.map((unique) => unique.name).filter((unique) => !indexes.includes(unique));
    expect(uniques.sort()).toEqual(Object.keys(made?.uniqueConstraints ?? {}).sort());
    const [key] = Object.keys(made?.compositePrimaryKeys ?? {});
    if (key !== undefined) expect(table.primaryKeyName).toBe(key);
  }
});

test("a folder: each table once, under the first module that exports it, gathering modules last", async () => {
  const schema = await schemaOf({
    "index.ts": `export * from "./users"; export * from "./nested/posts.js";`,
    "users.ts": `import { pgTable, uuid } from "drizzle-orm/pg-core"; export const users = pgTable("users", { id: uuid().primaryKey() });`,
    "nested/posts.ts": `import { pgTable, uuid } from "drizzle-orm/pg-core"; import { users } from "../users";
      export const posts = pgTable("posts", { id: uuid().primaryKey(), author: uuid().references(() => users.id) }); export { users };`,
    "users.test.ts": `throw new Error("not a schema module");`,
    "notes.md": "text",
  });
  expect(schema.tables.map(({ name, module }) => [name, module.split("/").slice(1).join("/")])).toEqual([
    ["posts", "nested/posts.ts"],
    ["users", "nested/posts.ts"],
  ]);
  expect(tableNamed(schema, "posts").foreignKeys[0]).toMatchObject({ table: "users", foreignColumns: ["id"] });
});

test("a list of modules, without their extensions; path aliases of tsconfig; a foreign table that is not exported", async () => {
  const schema = await schemaOf(
    {
      "tsconfig.json": `{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./*"] } } }`,
      "a.ts": `import { hidden } from "@/hidden"; import { pgTable, uuid } from "drizzle-orm/pg-core";
        export const a = pgTable("a_table", { id: uuid().primaryKey().references(() => hidden.id) });`,
      "b.ts": `import { pgTable, uuid } from "drizzle-orm/pg-core"; export const b = pgTable("b_table", { id: uuid().primaryKey() });`,
      "hidden.ts": `import { pgTable, uuid } from "drizzle-orm/pg-core"; export const hidden = pgTable("hidden_table", { id: uuid().primaryKey() });`,
    },
    ["b", "a.ts", "b.ts"],
  );
  expect(schema.tables.map(({ name }) => name)).toEqual(["b", "a"]);
  expect(tableNamed(schema, "a").foreignKeys[0]?.table).toBe("hidden_table");
});

const users = `import { pgTable, uuid } from "drizzle-orm/pg-core"; export const users = pgTable("users", { id: uuid().primaryKey() });`;

test.each<[title: string, files: Record<string, string>, module: string, message: RegExp]>([
  ["a thrown error", { "s.ts": `throw new Error("DATABASE_URL is not set");` }, "s.ts", /^DATABASE_URL is not set$/],
  ["a syntax error", { "s.ts": "export const x = ;" }, "s.ts", /Unexpected token.*s\.ts/s],
  ["a missing import", { "s.ts": `import { x } from "./gone"; export const y = x;` }, "s.ts", /Cannot find module '\.\/gone'/],
  ["a second broken module", { "a.ts": users, "b.ts": "throw 'no';" }, "b.ts", /^no$/],
  ["process.exit", { "s.ts": "process.exit(0);" }, "s.ts", /ended the process/],
  [
    "an unhandled rejection",
    { "s.ts": "await Promise.resolve(); Promise.reject(new Error('late')); await new Promise(() => {});" },
    "s.ts",
    /late/,
  ],
  ["two tables of one name", { "a.ts": users, "b.ts": users }, "b.ts", /Two tables are exported as `users`: here and in .*a\.ts/],
  [
    "a table of SQLite",
    { "s.ts": `import { sqliteTable, text } from "drizzle-orm/sqlite-core"; export const t = sqliteTable("t", { id: text() });` },
    "s.ts",
    /`t` is not a table of Postgres/,
  ],
  [
    "a reference to nothing",
    {
      "s.ts": `import { pgTable, uuid } from "drizzle-orm/pg-core"; export const t = pgTable("t", { id: uuid().references(() => undefined) });`,
    },
    "s.ts",
    /`t` cannot be read/,
  ],
])("%s is a failure that names the module", async (_title, files, module, message) => {
  const failure = await failureOf(files);
  expect(failure.module).toBe(module);
  expect(failure.message).toMatch(message);
  expect(failure.message).not.toContain(root);
});

test.each([
  ["an endless loop", "for (;;) {}"],
  ["an endless wait", "await new Promise((settle) => setTimeout(settle, 3_600_000));"],
])("%s ends when the time is up", async (_title, text) => {
  const { message } = await failureOf({ "s.ts": `import "drizzle-orm/pg-core"; ${text}` }, 1_500);
  expect(message).toMatch(/took longer than 1\.5 s/);
});

test("an open handle and printed text of a schema neither keep the process alive nor reach its output", async () => {
  const schema = await schemaOf({ "s.ts": `${users} console.log("hello"); setInterval(() => {}, 1_000);` });
  expect(schema.tables).toHaveLength(1);
});

test("a module that is not there", async () => {
  expect(await readDatabaseSchema(root, ["nothing/schema.ts"])).toEqual({
    failure: { module: "nothing/schema.ts", message: "There is no such schema module." },
  });
});
