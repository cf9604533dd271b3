import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { changed, noteLine, smallProject } from "../testing/server/fixtures/small-project.js";
import type { GenerateReport } from "../tooling.js";

const { root, write, read, restore, run } = smallProject();
/** A run that goes all the way says that it has written, also where that was nothing. */
const wasSkipped = (report: GenerateReport) => !report.written && !report.refused && !report.stale;
const { code, handler } = noteLine;

beforeEach(async () => {
  restore();
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
  ["a spec", "specs/note-line.usecase.yaml", (text: string) => text.replace("Note a line.", "Note one line."), [`update ${code}`]],
  ["what was generated", code, (text: string) => `${text}// mine\n`, [`edited ${code}`]],
  ["a handler", handler, (text: string) => `${text}// mine\n`, []],
  ["the schema", "schema.ts", (text: string) => text.replace('"logs"', '"lines"'), ["update src/usecases/repositories/logs.gen.ts"]],
  ["a migration", "drizzle/9999_more.sql", () => "select 1;\n", []],
  ["the manifest", ".usecase/manifest.json", (text: string) => `${text}\n`, []],
])("a change of %s is seen", async (_, path, change, expected) => {
  const before = path.startsWith("drizzle/") ? "" : read(path);
  write(path, change(before));
  const report = await run();
  expect(wasSkipped(report)).toBe(false);
  expect(changed(report)).toEqual(expected);
  if (path.startsWith("drizzle/")) rmSync(join(root, path));
});

test("a file that is gone is made again", async () => {
  const text = read(code);
  rmSync(join(root, code));
  expect(changed(await run())).toEqual([`create ${code}`]);
  expect(read(code)).toBe(text);
});
