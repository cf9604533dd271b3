import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/server/test-database.js";
import { writeChanges } from "./files/write.js";
import { planMigration } from "./migrations.js";
import { tablesSql } from "./tables-sql.js";

// The user's own drizzle-kit, as its command line, before and after ours.

const repository = fileURLToPath(new URL("../../", import.meta.url));
mkdirSync(join(repository, ".tmp"), { recursive: true });
const scratch = mkdtempSync(join(repository, ".tmp/migrations-"));
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  rmSync(scratch, { recursive: true, force: true });
});

const table = (columns: string) =>
  `import { integer, pgTable, text } from "drizzle-orm/pg-core";
export const things = pgTable("things", { id: integer().primaryKey(), ${columns} });
`;

const ourConfig = (schema?: string) => ({ migrations: "drizzle", tables: { schema, migrations: "drizzle" as const } });

function project(name: string, options: { readonly prefix?: string; readonly database?: TestDatabase } = {}) {
  const { url } = options.database ?? database;
  const root = join(scratch, name);
  const migrations = options.prefix === undefined ? {} : { migrations: { prefix: options.prefix } };
  const config = { dialect: "postgresql", schema: "./schema.ts", out: "./drizzle", dbCredentials: { url }, ...migrations };
  const write = (path: string, text: string) => writeFileSync(join(root, path), text);
  mkdirSync(root);
  write("drizzle.config.ts", `export default ${JSON.stringify(config)};\n`);
  const path = (file: string) => join(root, "drizzle", file);
  return {
    root,
    write,
    schema: (columns: string) => write("schema.ts", table(columns)),
    drizzleKit: (...args: readonly string[]) =>
      execFileSync(join(repository, "node_modules/.bin/drizzle-kit"), args, {
        cwd: root,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      }),
    read: (file: string) => readFileSync(path(file), "utf8"),
    sqlFiles: () =>
      readdirSync(path("."))
        .filter((file) => file.endsWith(".sql"))
        .sort(),
    journal: () => JSON.parse(readFileSync(path("meta/_journal.json"), "utf8")).entries as { idx: number; when: number; tag: string }[],
    exists: (file: string) => existsSync(path(file)),
    async ours(schema?: string) {
      const plan = await planMigration(root, ourConfig(schema));
      if (plan !== undefined) await writeChanges(root, plan.files);
      return plan?.tag;
    },
  };
}

async function query(text: string, { url } = database): Promise<readonly unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text, rowMode: "array" })).rows;
  } finally {
    await client.end();
  }
}

describe("between the user's own migrations", () => {
  let user: ReturnType<typeof project>;
  beforeAll(() => {
    user = project("between");
    user.schema("name: text()");
    user.drizzleKit("generate", "--name", "first");
  });

  test("ours follows, once", async () => {
    expect(await user.ours()).toBe("0001_usecasecore");
    expect(await user.ours()).toBeUndefined();
    const [first, second] = user.journal();
    expect(second).toMatchObject({ idx: 1, tag: "0001_usecasecore" });
    // drizzle-kit's migrate passes over what is not younger than the last one applied.
    expect(second?.when).toBeGreaterThan(first?.when ?? Number.POSITIVE_INFINITY);
  });

  test("drizzle-kit sees no change of the schema, and its check passes", () => {
    expect(user.drizzleKit("generate")).toContain("No schema changes");
    expect(user.drizzleKit("check")).toContain("Everything's fine");
    expect(user.sqlFiles()).toEqual(["0000_first.sql", "0001_usecasecore.sql"]);
  });

  test("the user's next migration holds the user's change alone", async () => {
    user.schema("name: text(), size: integer()");
    user.drizzleKit("generate", "--name", "second");
    expect(user.read("0002_second.sql").trim()).toBe('ALTER TABLE "things" ADD COLUMN "size" integer;');
    expect(await user.ours()).toBeUndefined();
    expect(user.drizzleKit("check")).toContain("Everything's fine");
  });

  test("migrate applies all of them, and again nothing", async () => {
    user.drizzleKit("migrate");
    user.drizzleKit("migrate");
    expect(await query("select count(*)::int from drizzle.__drizzle_migrations")).toEqual([[3]]);
    const tables = await query("select table_name from information_schema.tables where table_schema = 'public' order by 1");
    expect(tables.flat()).toEqual([
      "things",
      "usecase_audit",
      "usecase_audit_seal",
      "usecase_idempotency",
      "usecase_outbox",
      "usecase_outbox_dead",
      "usecase_relay_slot",
      "usecase_schedule",
    ]);
  });

  test("the guards hold, also for a replica", async () => {
    await query("insert into usecase_audit (id, use_case, action, outcome, actor) values (gen_random_uuid(), 'X', 'x', 'committed', '{}')");
    for (const statement of ["update usecase_audit set action = 'y'", "delete from usecase_audit", "truncate usecase_audit"]) {
      await expect(query(statement)).rejects.toMatchObject({ code: "UC003" });
      await expect(query(`set session_replication_role = replica; ${statement}`)).rejects.toMatchObject({ code: "UC003" });
    }
    await expect(query("select usecase_assert(false, 'no')")).rejects.toMatchObject({ code: "UC001" });
  });
});

describe("elsewhere", () => {
  test("in a folder without migrations, ours is the first", async () => {
    const user = project("none");
    user.schema("name: text()");
    expect(await user.ours()).toBe("0000_usecasecore");
    user.drizzleKit("generate", "--name", "own");
    expect(user.read("0001_own.sql")).toContain('CREATE TABLE "things"');
    expect(user.read("0001_own.sql")).not.toContain("usecase_");
    expect(user.drizzleKit("check")).toContain("Everything's fine");
  });

  test.each(["timestamp", "unix", "supabase"])(
    "with names by %s, ours is named after the last and sorted before the next",
    async (prefix) => {
      const user = project(prefix, { prefix });
      user.schema("name: text()");
      user.drizzleKit("generate", "--name", "first");
      const tag = await user.ours();
      const [first = ""] = user.sqlFiles();
      const digits = (name = "") => BigInt(/^\d+/.exec(name)?.[0] ?? -1);
      expect(digits(tag)).toBe(digits(first) + 1n);
      expect(user.drizzleKit("generate")).toContain("No schema changes");
      expect(user.drizzleKit("check")).toContain("Everything's fine");
    },
  );

  test.each([true, false])("the same folder gives the same migration (with others in it: %s)", async (isUsed) => {
    const user = project(`same-${isUsed}`);
    user.schema("name: text()");
    if (isUsed) user.drizzleKit("generate", "--name", "first");
    const copy = join(scratch, `copy-${isUsed}`);
    cpSync(user.root, copy, { recursive: true });
    const texts = async (root: string) => (await planMigration(root, ourConfig()))?.files.map(({ path, after }) => ({ path, after }));
    expect(await texts(copy)).toEqual(await texts(user.root));
  });

  test("an older version's tables are brought up to this one's", async () => {
    const user = project("older");
    await user.ours();
    const older = JSON.parse(user.read("meta/_usecasecore.json"));
    delete older.snapshot.tables["public.usecase_audit"].columns.reason;
    delete older.snapshot.tables["public.usecase_relay_slot"];
    user.write("drizzle/meta/_usecasecore.json", JSON.stringify({ ...older, tables: "another" }));
    expect(await user.ours()).toBe("0001_usecasecore");
    const sql = user.read("0001_usecasecore.sql");
    expect(sql).toContain('CREATE TABLE "usecase_relay_slot"');
    expect(sql).toContain('ALTER TABLE "usecase_audit" ADD COLUMN "reason" text;');
    expect(sql).not.toMatch(/create or replace|usecase_outbox/);
    expect(await user.ours()).toBeUndefined();
  });

  test("a migration that was dropped is made again", async () => {
    const user = project("dropped");
    await user.ours();
    user.write("drizzle/meta/_journal.json", JSON.stringify({ version: "7", dialect: "postgresql", entries: [] }));
    rmSync(join(user.root, "drizzle/meta/0000_snapshot.json"));
    expect(await user.ours()).toBe("0000_usecasecore");
  });

  test.each([
    ["another database's journal", "meta/_journal.json", '{"version":"6","dialect":"sqlite","entries":[]}', "config/invalid"],
    ["a broken journal", "meta/_journal.json", "{", "files/unreadable"],
    ["a state that is not of our last migration", "meta/_usecasecore.json", '{"tag":"0007_usecasecore"}', "files/not-ours"],
  ])("%s is refused", async (_, file, text, code) => {
    const user = project(`refused-${code.replace("/", "-")}`);
    await user.ours();
    user.write(`drizzle/${file}`, text);
    await expect(user.ours()).rejects.toMatchObject({ code });
  });
});

test("drizzle-kit push leaves tables in a schema of their own as they are", async () => {
  const own = await createTestDatabase();
  try {
    const user = project("push", { database: own });
    user.schema("name: text()");
    user.drizzleKit("push", "--force");
    await query(await tablesSql("ledger"), own);
    const audit =
      "insert into ledger.usecase_audit (id, use_case, action, outcome, actor) values (gen_random_uuid(), 'X', 'x', 'committed', '{}')";
    await query(audit, own);
    user.schema("name: text(), size: integer()");
    user.drizzleKit("push", "--force");
    expect(await query("select count(size)::int, (select count(*)::int from ledger.usecase_audit) from things", own)).toEqual([[0, 1]]);
    await expect(query("truncate ledger.usecase_audit", own)).rejects.toMatchObject({ code: "UC003" });
  } finally {
    await own.drop();
  }
});
