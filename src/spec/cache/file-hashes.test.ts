import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { contentHash } from "./content-hash.js";
import { type KnownHashes, openFileHashes } from "./file-hashes.js";

let root: string;
let kept: KnownHashes | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "usecase-hashes-"));
  kept = undefined;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const store = {
  read: () => kept,
  write(_: "files", content: KnownHashes) {
    kept = content;
  },
};
const file = () => join(root, "a");
const write = (text: string) => writeFileSync(file(), text);
/** What a run finds. */
function run(): string | undefined {
  const hashes = openFileHashes(root, store);
  const hash = hashes.of("a");
  hashes.write();
  return hash;
}
const untilOld = () => new Promise((resume) => setTimeout(resume, 120));

test("a file that is not there, comes, changes and goes", () => {
  expect(run()).toBeUndefined();
  for (const text of ["one", "two", "a longer one"]) {
    write(text);
    expect(run()).toBe(contentHash(text));
  }
  rmSync(file());
  expect(run()).toBeUndefined();
});

test("what looks as before is not read, and what was young is", async () => {
  write("one");
  run();
  // Just written: another change might look the same.
  expect(kept?.["a"]).toBeUndefined();
  await untilOld();
  run();
  expect(kept?.["a"]?.[1]).toBe(contentHash("one"));
  kept = { a: [kept?.["a"]?.[0] ?? "", "kept"] };
  expect(run()).toBe("kept");
});

test("a content of the same length under the old time of change is seen", async () => {
  const time = new Date(2026, 0, 1, 12, 0, 0, 500);
  write("one");
  utimesSync(file(), time, time);
  await untilOld();
  run();
  expect(kept?.["a"]).toBeDefined();
  write("two");
  utimesSync(file(), time, time);
  expect(run()).toBe(contentHash("two"));
});

test("within a run an answer stays, until it is forgotten", () => {
  write("one");
  const hashes = openFileHashes(root, store);
  hashes.of("a");
  write("two");
  expect(hashes.of("a")).toBe(contentHash("one"));
  hashes.forget("a");
  expect(hashes.of("a")).toBe(contentHash("two"));
});
