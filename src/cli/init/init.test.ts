import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { main } from "../main.js";
import { scriptedPrompts } from "../scripted-prompts.fixture.js";
import { withYamlSchemas } from "./editor-settings.js";

const root = fileURLToPath(new URL("../../..", import.meta.url));
// Inside the repository, so that the schema finds drizzle-orm.
const scratch = join(root, `.tmp/init-${process.pid}`);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const schema = `import { pgTable, text, uuid } from "drizzle-orm/pg-core";
export const logs = pgTable("logs", { line: text() });
export const links = pgTable("links", { id: uuid().primaryKey() });
export const tickets = pgTable("tickets", { id: uuid().primaryKey(), title: text().notNull() });
export const visitors = pgTable("visitors", { id: uuid().primaryKey(), name: text().notNull() });
`;

function project(name: string, files: Readonly<Record<string, string>> = {}) {
  const folder = join(scratch, name);
  // A repository of its own: what belongs to the root of one must not reach ours.
  mkdirSync(join(folder, ".git"), { recursive: true });
  for (const [path, text] of Object.entries({ "package.json": '{\n\t"name": "x"\n}\n', "src/db/schema.ts": schema, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return {
    folder,
    read: (path: string) => readFileSync(join(folder, path), "utf8"),
    files: () =>
      readdirSync(folder, { recursive: true, encoding: "utf8", withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name: file }) => join(parentPath, file).slice(folder.length + 1))
        .sort(),
    async init(line: string, options: { readonly terminal?: boolean; readonly answers?: (string | boolean)[]; readonly at?: string } = {}) {
      const [out, err]: [string[], string[]] = [[], []];
      const isTTY = options.terminal === true;
      const code = await main(["init", ...line.split(" ").filter((part) => part !== "")], {
        stdout: { write: (text) => out.push(text), isTTY },
        stderr: { write: (text) => err.push(text), isTTY },
        stdin: { isTTY, read: async () => "" },
        env: { NO_COLOR: "1" },
        cwd: join(folder, options.at ?? ""),
        writeFile: async () => {},
        prompts: scriptedPrompts(options.answers ?? []),
      });
      return { code, out: out.join(""), err: err.join("") };
    },
  };
}

const all = [
  ".github/workflows/usecase.yml",
  ".vscode/settings.json",
  "package.json",
  "specs/change-ticket.usecase.yaml",
  "src/db/schema.ts",
  "usecase.config.yaml",
];

test("writes what is missing, and a second time nothing", async () => {
  const app = project("plain");
  const { code, out, err } = await app.init("--yes");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(app.files()).toEqual(all);
  expect(app.read("usecase.config.yaml")).toMatch(
    /^# yaml-language-server: .*\nschema: src\/db\/schema\.ts\nout: src\/usecases\nmigrations: drizzle\n$/,
  );
  expect(app.read("package.json")).toBe(
    '{\n\t"name": "x",\n\t"scripts": {\n\t\t"usecase:generate": "usecase generate",\n\t\t"usecase:check": "usecase check"\n\t}\n}\n',
  );
  expect(app.read("specs/change-ticket.usecase.yaml")).toContain("usecase: ChangeTicket\n");
  expect(app.read(".github/workflows/usecase.yml")).toContain("      - run: npm run usecase:check\n");
  expect(out).toContain("npx usecase explain ChangeTicket\n");
  const before = app.files().map((file) => app.read(file));
  const again = await app.init("--yes");
  expect(again.out).not.toMatch(/created|updated|Next/);
  expect(app.files().map((file) => app.read(file))).toEqual(before);
});

test("shows what it would write, and writes nothing", async () => {
  const app = project("dry");
  const { code, out } = await app.init("--dry-run");
  expect(code).toBe(0);
  expect(out).toMatch(/^create {2}usecase\.config\.yaml {2}.*\ncreate {2}specs\/.*\nupdate {2}package\.json /);
  expect(out).toContain("+schema: src/db/schema.ts\n");
  expect(app.files()).toEqual(["package.json", "src/db/schema.ts"]);
});

test("keeps what is there", async () => {
  const kept = {
    "usecase.config.yaml": "schema: src/db/schema.ts\nout: gen\n",
    ".github/workflows/usecase.yml": "name: mine\n",
    ".vscode/settings.json": '{ "yaml.schemas": {} }\n',
    "package.json": '{ "scripts": { "usecase:check": "mine", "usecase:generate": "mine" } }',
  };
  const app = project("kept", kept);
  expect(await app.init("--yes")).toMatchObject({ code: 0, err: "" });
  for (const [path, text] of Object.entries(kept)) expect(app.read(path)).toBe(text);
  expect(app.files()).toEqual(all.filter((file) => !file.startsWith("specs/")));
});

describe("finds the schema and the migrations folder", () => {
  test.each([
    [
      "in drizzle.config.ts",
      "drizzle.config.ts",
      'export default { schema: "./lib/tables.ts", out: "./db/migrations" };',
      "lib/tables.ts",
      "db/migrations",
    ],
    [
      "in one that needs variables",
      "drizzle.config.ts",
      'if (!process.env.NOT_THERE) throw new Error("no");\nexport default { schema: ["lib/tables.ts"] };',
      "lib/tables.ts",
      "drizzle",
    ],
    ["in JSON", "drizzle.config.json", '{ "schema": "lib/tables.ts" }', "lib/tables.ts", "drizzle"],
    ["by a pattern", "drizzle.config.js", 'export default { schema: "./lib/*.ts" };', "lib", "drizzle"],
    [
      "in a list",
      "drizzle.config.js",
      'export default { schema: ["./lib/tables.ts", "./src/db/schema.ts"] };',
      "[lib/tables.ts, src/db/schema.ts]",
      "drizzle",
    ],
  ])("%s", async (name, file, text, expected, migrations) => {
    const other = schema.replaceAll('"tickets"', '"tasks"').replaceAll("export const tickets", "export const tasks");
    const app = project(`find ${name}`, {
      [file]: text,
      "lib/tables.ts": expected.startsWith("[") ? other.replace(/^export const (logs|links|visitors).*$/gm, "") : schema,
    });
    expect(await app.init("--yes")).toMatchObject({ code: 0, err: "" });
    expect(app.read("usecase.config.yaml")).toContain(`schema: ${expected}\n`);
    expect(app.read("usecase.config.yaml")).toContain(`migrations: ${migrations}\n`);
  });
});

describe("asks on a terminal", () => {
  test("which table comes first, and before it writes", async () => {
    const app = project("asked");
    expect(await app.init("", { terminal: true, answers: ["visitors", false] })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/create {2}specs\/change-visitor\.usecase\.yaml.*error: Cancelled: nothing was written\.\n$/s),
    });
    expect(app.files()).toEqual(["package.json", "src/db/schema.ts"]);
    expect(await app.init("", { terminal: true, answers: ["visitors", true] })).toMatchObject({ code: 0 });
    expect(app.files()).toContain("specs/change-visitor.usecase.yaml");
  });

  test("where the schema is, if nothing tells", async () => {
    const app = project("lost");
    rmSync(join(app.folder, "src/db"), { recursive: true });
    mkdirSync(join(app.folder, "odd"));
    writeFileSync(join(app.folder, "odd/place.ts"), schema);
    expect(await app.init("--yes")).toEqual({
      code: 2,
      out: "",
      err: expect.stringContaining("Where is the Drizzle schema?\nSay so with --schema"),
    });
    expect(await app.init("", { terminal: true, answers: ["nowhere.ts", "odd/place.ts", "tickets", true] })).toMatchObject({ code: 0 });
    expect(app.read("usecase.config.yaml")).toContain("schema: odd/place.ts\n");
  });
});

test.each([
  ["without a terminal, unless told to", "silent", "", "Is it all right to write into this project?\nSay so with --yes"],
  ["with a schema that is not there", "wrong", "--yes --schema src/schemas.ts", "There is no src/schemas.ts.\n"],
  ["with a schema that cannot be read", "broken", "--yes", "The Drizzle schema cannot be read: "],
])("does nothing %s", async (_, name, line, message) => {
  const app = project(name, name === "broken" ? { "src/db/schema.ts": "import 'nowhere';" } : {});
  expect(await app.init(line)).toEqual({ code: 2, out: "", err: expect.stringContaining(message) });
  expect(existsSync(join(app.folder, "usecase.config.yaml"))).toBe(false);
});

test("does nothing outside of a package", async () => {
  const app = project("outside");
  expect(await app.init("--yes", { at: "src" })).toMatchObject({ code: 2, err: expect.stringContaining("There is no package.json in ") });
});

test("in a package of a workspace, CI and editor are the repository's", async () => {
  const shop = { "packages/shop/package.json": "{}", "packages/shop/src/schema.ts": schema, "pnpm-lock.yaml": "" };
  const app = project("workspace", { ...shop, ".vscode/settings.json": '// Ours.\n{\n  "a": 1, // and this\n}\n' });
  expect(await app.init("--yes", { at: "packages/shop" })).toMatchObject({ code: 0, err: "" });
  const workflow = app.read(".github/workflows/usecase-packages-shop.yml");
  expect(workflow).toContain(
    '      - run: pnpm install --frozen-lockfile\n      - run: pnpm run usecase:check\n        working-directory: "packages/shop"\n',
  );
  const settings = app.read(".vscode/settings.json");
  expect(settings).toMatch(/^\/\/ Ours\.\n\{\n {2}"yaml\.schemas": \{.*\},\n {2}"a": 1, \/\/ and this\n\}\n$/s);
  expect(settings).toContain('"packages/shop/specs/**/*.usecase.yaml"');
});

test("editor settings that are no JSON stay as they are", () => {
  expect(withYamlSchemas("[]", { repository: scratch, root: scratch })).toBeUndefined();
  expect(withYamlSchemas("{ broken", { repository: scratch, root: scratch })).toBeUndefined();
  expect(withYamlSchemas("{}", { repository: scratch, root: scratch })).toMatch(/^\{\n {2}"yaml\.schemas": \{.*\n {2}\}\}$/s);
});
