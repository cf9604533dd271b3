import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, expect, test } from "vitest";
import { type GenerateReport, generate } from "../tooling.js";

const scratch = fileURLToPath(new URL("../../.tmp", import.meta.url));
await mkdir(scratch, { recursive: true });
const root = mkdtempSync(join(scratch, "last-run-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const files = {
  "package.json": '{ "type": "module" }',
  "usecase.config.yaml": "schema: schema.ts\n",
  "schema.ts": `import { pgTable, text } from "drizzle-orm/pg-core";\nexport const logs = pgTable("logs", { line: text().primaryKey() });\n`,
  "specs/note-line.usecase.yaml":
    "usecase: NoteLine\nsummary: Note a line.\ncommand: { line: { type: string, maxLength: 10 } }\nidempotency: none\npolicies: none\n" +
    "writes: { logs: [insert] }\nresult: {}\n",
};
const write = async (path: string, text: string) => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const read = (path: string) => readFileSync(join(root, path), "utf8");

const run = async (options: Parameters<typeof generate>[0] = {}): Promise<GenerateReport> => {
  const outcome = await generate({ cwd: root, cache: true, ...options });
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.lint.findings));
  return outcome.report;
};
const changed = ({ files }: GenerateReport) =>
  files.filter(({ status }) => status !== "unchanged").map(({ path, status }) => [path, status]);
/** A run that goes all the way says that it has written, also where that was nothing. */
const wasSkipped = (report: GenerateReport) => !report.written && !report.refused && !report.stale;

const code = "src/usecases/note-line/note-line.gen.ts";
const handler = "src/usecases/note-line/note-line.handler.ts";

beforeEach(async () => {
  for (const [path, text] of Object.entries(files)) await write(path, text);
  await run({ force: true });
  await run();
});

test("a run of which nothing has changed is not made again, and reports every file", async () => {
  const report = await run();
  expect(wasSkipped(report)).toBe(true);
  expect(changed(report)).toEqual([]);
  const made = readdirSync(join(root, "src/usecases"), { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  expect(report.files.map(({ path }) => path)).toEqual(made.map((file) => `src/usecases/${file}`).sort());
  expect(wasSkipped(await run({ cache: false }))).toBe(false);
});

test.each([
  ["a spec", "specs/note-line.usecase.yaml", (text: string) => text.replace("Note a line.", "Note one line."), [[code, "update"]]],
  ["what was generated", code, (text: string) => `${text}// mine\n`, [[code, "edited"]]],
  ["a handler", handler, (text: string) => `${text}// mine\n`, []],
  ["the schema", "schema.ts", (text: string) => text.replace('"logs"', '"lines"'), [["src/usecases/repositories/logs.gen.ts", "update"]]],
  ["a migration", "drizzle/9999_more.sql", () => "select 1;\n", []],
  ["the manifest", ".usecase/manifest.json", (text: string) => `${text}\n`, []],
])("a change of %s is seen", async (_, path, change, expected) => {
  const before = path.startsWith("drizzle/") ? "" : read(path);
  await write(path, change(before));
  const report = await run();
  expect(wasSkipped(report)).toBe(false);
  expect(changed(report)).toEqual(expected);
  if (path.startsWith("drizzle/")) rmSync(join(root, path));
});

test("a file that is gone is made again", async () => {
  const text = read(code);
  rmSync(join(root, code));
  expect(changed(await run())).toEqual([[code, "create"]]);
  expect(read(code)).toBe(text);
});
