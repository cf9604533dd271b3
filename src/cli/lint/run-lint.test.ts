import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { main } from "../main.js";
import { noPrompts } from "../scripted-prompts.fixture.js";

// Inside the repository, so that the schema finds drizzle-orm.
const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = join(root, `.tmp/run-lint-${process.pid}`);

const schema = `import { integer, pgTable, uuid } from "drizzle-orm/pg-core";
export const orders = pgTable("orders", { id: uuid().primaryKey(), total: integer().notNull() });
`;
const spec = `\
# A comment that stays.
usecase: CloseOrder
summary: Close an order.
command:
  orderId:   uuid # with odd spaces
idempotency: { key: caller }
state:
  order:
    table: orders
    where: { id: command.orderId }
    lock: no key update
policies:
  - permission: orders.close
  - rule: order.total >= 0
    error: Negative
writes:
  orders: { update: [total] }
result: {}
errors:
  Negative: { kind: conflict }
audit:
  subject: { type: Order, id: order.id }
`;
const file = "specs/close-order.usecase.yaml";
const cache = ".usecase/cache";

const path = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(path(name), "utf8");

function write(name: string, text: string): void {
  mkdirSync(dirname(path(name)), { recursive: true });
  writeFileSync(path(name), text);
}

beforeEach(() => {
  // The cache stays: it is by content, and the schema is the same.
  rmSync(path("specs"), { recursive: true, force: true });
  rmSync(path(".usecase/lint-baseline.json"), { force: true });
  write("usecase.config.yaml", "schema: schema.ts\n");
  write("schema.ts", schema);
  write(file, spec);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function lint(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(["lint", "--rule", "transaction/isolation=off", ...args], {
    stdout: { write: (text) => out.push(text), isTTY: false },
    stderr: { write: (text) => err.push(text), isTTY: false },
    stdin: { isTTY: false, read: async () => spec },
    env: {},
    cwd: folder,
    writeFile: async (name, text) => writeFileSync(name, text),
    prompts: noPrompts,
  });
  return { code, out: out.join(""), err: err.join("") };
}

const ids = async (...args: readonly string[]) => {
  const { out } = await lint("--format", "json", ...args);
  return JSON.parse(out).findings.map(({ ruleId, line }: { ruleId: string; line: number }) => `${line} ${ruleId}`);
};
const broken = spec.replace("table: orders", "table: ordres");

test("the project of these tests is sound", async () => {
  expect(await ids()).toEqual([]);
});

describe("--fix", () => {
  test.each([
    ["a misspelt table", "table: orders", "table: ordres"],
    ["a misspelt key", "    lock: no", "    lokc: no"],
    ["a misspelt value of a key", "lock: no key update", "lock: no key updat"],
    ["a name in quotes", 'table: "orders"', 'table: "ordres"'],
    ["a name in an expression", "order.total >= 0", "order.totl >= 0"],
    ["an expression that YAML takes for a tag", '"!(order.total < 0)"', "!(order.total < 0)", "order.total >= 0"],
    [
      "a call that a comma cuts",
      '{ id: command.orderId, total: { in: "[1, 2].map(x, x + 1)" } }',
      "{ id: command.orderId, total: { in: [1, 2].map(x, x + 1) } }",
      "{ id: command.orderId }",
    ],
  ])("repairs %s, and nothing else", async (_what, right, wrong, place = right) => {
    const sound = spec.replace(place.startsWith('table: "') ? "table: orders" : place, right);
    expect(sound.includes(right)).toBe(true);
    write(file, sound.replace(right, wrong));
    const { code, out } = await lint("--fix");
    expect(read(file)).toBe(sound);
    expect({ code, out }).toEqual({ code: 0, out: "Fixed 1 mistake. ✔ 1 file: nothing found.\n" });
  });

  test("repairs several in a file, in several rounds, and keeps a byte order mark and line ends", async () => {
    const windows = `\ufeff${spec.replaceAll("\n", "\r\n")}`;
    write(file, windows.replace("state:", "sate:").replace("table: orders", "table: ordres").replace("kind: conflict", "kind: conflit"));
    const { code, out } = await lint("--fix");
    expect(read(file)).toBe(windows);
    expect({ code, out }).toEqual({ code: 0, out: "Fixed 3 mistakes. ✔ 1 file: nothing found.\n" });
  });

  test("puts keys in order, after a repair inside of what moves; a second run has nothing to do", async () => {
    const policies = /^# Who may\.\npolicies:\n(?: .*\n)+/m;
    const sound = spec.replace("policies:", "# Who may.\npolicies:");
    const [part = ""] = policies.exec(sound) ?? [];
    expect(part).toContain("permission");
    write(file, `${sound.replace(part, "").replace("table: orders", "table: ordres")}${part}`);
    const { code, out } = await lint("--fix");
    expect(read(file)).toBe(sound);
    expect({ code, out }).toEqual({ code: 0, out: "Fixed 2 mistakes. ✔ 1 file: nothing found.\n" });
    expect((await lint("--fix")).out).toBe("✔ 1 file: nothing found.\n");
    expect(read(file)).toBe(sound);
  });

  test("leaves what has no certain repair", async () => {
    const unclear = spec.replace("usecase: CloseOrder", "usecase: closeOrder").replace("where: { id:", "where: { nothing:");
    write(file, unclear);
    expect((await lint("--fix")).code).toBe(1);
    expect(read(file)).toBe(unclear);
  });

  test("--dry-run shows the repair and writes nothing", async () => {
    write(file, broken);
    const { code, out } = await lint("--fix", "--dry-run");
    expect(out).toContain("-    table: ordres\n+    table: orders\n");
    expect(code).toBe(0);
    expect(read(file)).toBe(broken);
  });

  test.each([
    [["--dry-run"], "--dry-run is for --fix."],
    [["--fix", "--watch"], "--watch and --fix do not go together."],
    [["--fix", "-", "--stdin-filename", file], "Standard input cannot be repaired in place."],
    [["--watch", "-", "--stdin-filename", file], "Standard input cannot be watched."],
  ])("%j is wrong usage", async (args, message) => {
    expect(await lint(...args)).toMatchObject({ code: 2, out: "", err: expect.stringContaining(message) });
  });
});

describe("--baseline", () => {
  test("leaves out what it lists, also after edits elsewhere in the file", async () => {
    write(file, broken);
    expect(await lint("--baseline")).toMatchObject({ code: 2, err: expect.stringContaining("--baseline=update") });
    expect(await lint("--baseline=update")).toMatchObject({
      code: 0,
      out: "✔ 1 file: nothing found. (The baseline lists 1 more finding.)\n",
    });
    write(file, `# One line more.\n${broken.replace("Close an order.", "Close one order.")}`);
    expect(await lint("--baseline")).toMatchObject({ code: 0 });
    expect(await lint("--baseline", "specs")).toMatchObject({ code: 0 });
    write(
      file,
      broken.replace("where: { id:", "where: { di:").replace("orders.close\n", "orders.close\n  - rule: nothing\n    error: Negative\n"),
    );
    expect(await ids("--baseline")).not.toEqual([]);
    expect((await lint("--baseline")).code).toBe(1);
    expect((await lint()).out).toContain("ordres");
  });

  test("is told when it is none", async () => {
    write(".usecase/lint-baseline.json", "{}");
    expect(await lint("--baseline")).toMatchObject({ code: 2, err: expect.stringContaining("is no baseline") });
  });
});

describe("--since", () => {
  const git = (...args: readonly string[]) => execFileSync("git", args, { cwd: folder, stdio: "pipe", encoding: "utf8" });

  test("shows findings in changed and new files only; the whole project is read all the same", async () => {
    rmSync(path(".git"), { recursive: true, force: true });
    git("init", "--quiet");
    const other = "specs/open-order.usecase.yaml";
    write(file, broken);
    write(other, spec.replace("CloseOrder", "OpenOrder"));
    git("add", "specs", "schema.ts", "usecase.config.yaml");
    git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", "first");
    expect(await lint("--since", "HEAD")).toMatchObject({ code: 0, out: "✔ 0 files: nothing found.\n" });
    write(other, broken.replace("CloseOrder", "OpenOrder"));
    write("specs/new.machine.yaml", "machine: New\n");
    const { out } = await lint("--since", "HEAD", "--format", "compact");
    expect(new Set(out.split("\n").map((line) => line.split(":")[0]))).toEqual(new Set(["specs/new.machine.yaml", other, ""]));
    for (const reference of ["nowhere", "--output=x"])
      expect(await lint(`--since=${reference}`)).toMatchObject({ code: 2, err: expect.stringContaining(`git knows no "${reference}"`) });
    expect(existsSync(path("x"))).toBe(false);
    rmSync(path(".git"), { recursive: true, force: true });
  });
});

test("--stats says where the time went, on standard error", async () => {
  const { out, err } = await lint("--stats", "--no-cache");
  expect(out).toBe("✔ 1 file: nothing found.\n");
  expect(err).toMatch(/^1 files in \d+ ms, \d+ MB at most\n +[\d.]+ ms {2}reading files\n/);
  expect(err).toMatch(/the slowest rules:\n +[\d.]+ ms {2}[a-z]+\//);
});

describe("the cache", () => {
  const caches = () => readdirSync(path(cache)).toSorted();

  test("gives the same answer, is its own .gitignore, and --no-cache leaves it alone", async () => {
    rmSync(path(cache), { recursive: true, force: true });
    write(file, broken);
    const { out, code } = await lint("--no-cache");
    expect(existsSync(path(cache))).toBe(false);
    expect(await lint()).toMatchObject({ out, code });
    expect(caches()).toEqual([".gitignore", "checks.jsonl", "findings.json", "schema.json", "use-cases.jsonl"]);
    expect((await lint("--stats")).err).toContain("looking up the last run");
    expect(await lint()).toMatchObject({ out, code });
  });

  test("follows every file that the answer stands on", async () => {
    expect(await ids()).toEqual([]);
    write(file, broken);
    expect(await ids()).toEqual(["9 spec/unknown-reference"]);
    write(file, spec);
    expect(await ids()).toEqual([]);
    write("schema.ts", schema.replace("total:", "sum:"));
    expect(await ids()).toContain("14 expression/type");
    // Through a module that the schema imports.
    write("columns.ts", `import { integer } from "drizzle-orm/pg-core";\nexport const columns = { total: integer().notNull() };\n`);
    write(
      "schema.ts",
      schema
        .replace("integer, ", "")
        .replace("total: integer().notNull()", "...columns")
        .replace("\n", '\nimport { columns } from "./columns.js";\n'),
    );
    expect(await ids()).toEqual([]);
    write("columns.ts", read("columns.ts").replace("total", "sum"));
    expect(await ids()).toContain("14 expression/type");
    write("columns.ts", read("columns.ts").replace("sum", "total"));
    expect(await ids()).toEqual([]);
    write("usecase.config.yaml", "schema: schema.ts\ntenant: { column: tenantId, value: actor.tenantID }\n");
    expect(await ids()).not.toEqual([]);
  });

  test("of shared files: a use case is built anew when what it names changes", async () => {
    write("specs/all.shared.yaml", "errors:\n  Negative: { kind: conflict }\n");
    write(file, spec.replace("  Negative: { kind: conflict }\n", "  - Negative\n"));
    expect(await ids()).toEqual([]);
    write("specs/all.shared.yaml", "errors:\n  Negativ: { kind: conflict }\n");
    expect(await ids()).toContain("20 spec/unknown-reference");
  });

  test.each([
    ["cut short", (text: string) => text.slice(0, -20)],
    ["empty", () => ""],
    ["of something else", () => "{}"],
    ["with changed content", (text: string) => text.replaceAll("orders", "0rders").replaceAll('"findings":[', '"findings":[{"file":1},')],
    ["of another version", (text: string) => text.replace(/^usecasecore \S+/, "usecasecore abc")],
  ])("is passed over when it is %s", async (_, spoil) => {
    expect(await ids()).toEqual([]);
    for (const name of caches().filter((name) => name !== ".gitignore")) {
      const text = read(`${cache}/${name}`);
      expect(spoil(text)).not.toBe(text);
      write(`${cache}/${name}`, spoil(text));
    }
    write(file, `${spec}# changed\n`);
    expect(await ids()).toEqual([]);
  });

  test("a folder that cannot be written to costs nothing but time", async () => {
    rmSync(path(cache), { recursive: true, force: true });
    write(cache, "a file");
    expect(await ids()).toEqual([]);
    rmSync(path(cache));
  });

  test("an unchanged file is not touched by it", async () => {
    const time = new Date(1_000_000_000_000);
    utimesSync(path(file), time, time);
    await lint();
    expect(read(file)).toBe(spec);
  });
});
