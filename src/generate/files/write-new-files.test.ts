import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type NewFile, writeNewFiles } from "./write-new-files.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "new-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const files = (count: number) => Array.from({ length: count }, (_, index): NewFile => [join(folder, `${index}`), `text ${index} – ü`]);

test.each([0, 1, 999, 1_000, 1_501])("%i files are written, each with its own text", async (count) => {
  await writeNewFiles(files(count));
  expect(readdirSync(folder).length).toBe(count);
  for (const [path, text] of files(count)) expect(readFileSync(path, "utf8")).toBe(text);
});

test.each([0, 1_499])("what cannot be written is said, whichever thread writes it (%i)", async (index) => {
  mkdirSync(join(folder, `${index}`));
  await expect(writeNewFiles(files(1_500))).rejects.toMatchObject({ code: "EISDIR" });
});
