import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { exclusively, type LockOwner, runFolder } from "./project-lock.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "usecase-lock-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const lock = () => join(root, runFolder, "lock");
const leave = (text: string) => {
  mkdirSync(join(root, runFolder), { recursive: true });
  writeFileSync(lock(), text);
};
const owner = (of: Partial<LockOwner>) => JSON.stringify({ pid: process.pid, host: hostname(), born: "", token: "theirs", ...of });
const gonePid = spawnSync(process.execPath, ["-e", ""]).pid;

test("one after the other, whoever comes when, and no trace is left", async () => {
  let inside = 0;
  let most = 0;
  const order: number[] = [];
  const run = (index: number) =>
    exclusively(root, async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside--;
      order.push(index);
    });
  await Promise.all(Array.from({ length: 8 }, (_, index) => run(index)));
  expect(most).toBe(1);
  expect(order.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(readdirSync(root)).toEqual([".usecase"]);
  expect(readdirSync(join(root, ".usecase"))).toEqual([]);
});

test.each([
  ["a process that has ended", owner({ pid: gonePid })],
  ["a process whose number another one has now", owner({ born: "0.5" })],
])("a lock of %s is taken over, by one of many", async (_, text) => {
  if (text.includes('"0.5"') && process.platform !== "linux") return;
  leave(text);
  let most = 0;
  let inside = 0;
  const waits: unknown[] = [];
  const work = async () => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setImmediate(resolve));
    inside--;
  };
  await Promise.all(Array.from({ length: 5 }, () => exclusively(root, work)));
  expect({ most, waits }).toEqual({ most: 1, waits: [] });
});

test.each([
  ["another machine", owner({ host: "elsewhere" })],
  ["nobody, because it was never finished", "{"],
])("a lock of %s holds until it has not been touched for long", async (_, text) => {
  leave(text);
  await expect(exclusively(root, async () => 1, { waitMs: 1 })).rejects.toMatchObject({
    code: "files/unreadable",
    help: expect.stringContaining(".usecase/run/lock"),
  });
  utimesSync(lock(), 0, 0);
  expect(await exclusively(root, async () => 1)).toBe(1);
});

test("who has to wait is told for whom, once; who only reads makes no lock", async () => {
  leave(owner({}));
  const told: LockOwner[] = [];
  await expect(exclusively(root, async () => 1, { waitMs: 120, onWait: (each) => told.push(each) })).rejects.toThrow(
    `process ${process.pid} on ${hostname()}`,
  );
  expect(told).toMatchObject([{ token: "theirs" }]);
  await expect(exclusively(root, async () => 1, { waitMs: 1, reading: true })).rejects.toThrow("is writing to this project");
  rmSync(lock());
  expect(await exclusively(root, async () => existsSync(lock()), { reading: true })).toBe(false);
});

test("the lock is given back when the work fails, and another's is not removed", async () => {
  await expect(exclusively(root, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(existsSync(lock())).toBe(false);
  await exclusively(root, async () => leave(owner({})));
  expect(existsSync(lock())).toBe(true);
});
