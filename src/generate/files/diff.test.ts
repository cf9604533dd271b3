import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { unifiedDiff } from "./diff.js";

const folder = mkdtempSync(join(tmpdir(), "usecase-diff-"));
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (...texts: readonly string[]) => texts.map((text) => `${text}\n`).join("");
const numbers = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

test.each([
  ["a line more", lines("a", "b"), lines("a", "x", "b")],
  ["a line less", lines("a", "x", "b"), lines("a", "b")],
  ["a line changed", lines(...numbers(20)), lines(...numbers(20).map((each) => (each === "9" ? "nine" : each)))],
  ["changes far apart", lines(...numbers(40)), lines(...numbers(40).map((each) => (/^(3|35)$/.test(each) ? `${each}!` : each)))],
  ["all new", "", lines("a", "b")],
  ["all gone", lines("a", "b"), ""],
  ["no line feed at the end", "a\nb", "a\nc"],
  ["a line feed more", "a", "a\n"],
])("%s: the patch makes the one from the other", (_, before, after) => {
  const file = join(folder, "file");
  writeFileSync(file, before);
  writeFileSync(join(folder, "patch"), unifiedDiff("file", before, after));
  execFileSync("git", ["apply", "--unsafe-paths", "--unidiff-zero", "-p1", "--directory", folder, join(folder, "patch")], { cwd: folder });
  expect(execFileSync("cat", [file], { encoding: "utf8" })).toBe(after);
});

test("a change is shown with three lines around it", () => {
  expect(unifiedDiff("f", lines(...numbers(9)), lines(...numbers(9).filter((each) => each !== "4")))).toBe(
    lines("--- a/f", "+++ b/f", "@@ -2,7 +2,6 @@", " 1", " 2", " 3", "-4", " 5", " 6", " 7"),
  );
});

test("nothing for equal texts; everything for texts too long to compare", () => {
  expect(unifiedDiff("f", "a\n", "a\n")).toBe("");
  const [before, after] = [numbers(3_000), numbers(3_000).map((each) => `x${each}`)];
  expect(unifiedDiff("f", lines(...before), lines(...after)).split("\n")).toHaveLength(6_004);
});
