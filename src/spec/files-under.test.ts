import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { filesUnder } from "./files-under.js";

const folder = mkdtempSync(join(tmpdir(), "files-under-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("finds files however deep, and where links lead", () => {
  mkdirSync(join(folder, "b/c"), { recursive: true });
  mkdirSync(join(folder, "empty"));
  for (const file of ["z.ts", "b/a.ts", "b/c/d.ts"]) writeFileSync(join(folder, file), "");
  symlinkSync(join(folder, "b/c"), join(folder, "linked"));
  symlinkSync(join(folder, "nowhere"), join(folder, "lost"));
  expect(filesUnder(folder)).toEqual(["b/a.ts", "b/c/d.ts", "linked/d.ts", "lost", "z.ts"]);
  expect(() => filesUnder(join(folder, "none"))).toThrow("ENOENT");
});
