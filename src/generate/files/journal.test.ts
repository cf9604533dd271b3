import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { finishEarlierRun } from "./journal.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "usecase-journal-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (path: string, text: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
const change = { path: "out/sub/a.ts", from: null, to: "0/a.ts" };
const cutOff = (parts: object) => {
  put(".usecase/run/staged/0/a.ts", "staged");
  put(".usecase/run/journal.json", JSON.stringify({ version: 2, staging: "staged", changes: [change], ...parts }));
};

test("what was decided is done, and no trace of the way there is left", () => {
  cutOff({});
  finishEarlierRun(root, ["out"]);
  expect(readFileSync(join(root, "out/sub/a.ts"), "utf8")).toBe("staged");
  expect(existsSync(join(root, ".usecase/run/staged"))).toBe(false);
});

test.each([
  ["of another version", { version: 1 }],
  ["whose staging folder is elsewhere", { staging: "../staged" }],
  ["whose content is elsewhere", { changes: [{ ...change, to: "0/../../../../precious" }] }],
])("a journal %s is not followed", (_, parts) => {
  put("precious", "precious");
  cutOff(parts);
  expect(() => finishEarlierRun(root, ["out"])).toThrow(/cannot be read/);
  expect(readFileSync(join(root, "precious"), "utf8")).toBe("precious");
});

test("a file outside of the folders is not written", () => {
  cutOff({ changes: [{ ...change, path: "package.json" }] });
  expect(() => finishEarlierRun(root, ["out"])).toThrow(/package\.json/);
});
