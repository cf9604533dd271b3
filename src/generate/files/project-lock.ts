// One run at a time writes to a project. The lock is a file, made only where there is none, that says whose it is:
//
//   free ──(created)──▶ held ──(removed by its owner)──▶ free
//                        │
//                        └─(its owner is gone)──▶ removed by who comes next ──▶ free
//
// An owner on this machine is gone when its process is (or when another one has its number now); one on another machine,
// when it has not touched the file for a while; one that has not come to say who it is, sooner.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readFile, rm, rmdir, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ToolError } from "../../spec/tool-error.js";

/** Holds what a run needs while it runs, and nothing else: not for version control. */
export const runFolder = ".usecase/run";
const lockFile = `${runFolder}/lock`;

export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as its system says it; empty where that is not known. */
  readonly born: string;
  readonly token: string;
}

export interface LockOptions {
  /** Do not lock: only wait until nobody is writing. */
  readonly reading?: boolean;
  /** Told once, when another run has to be waited for. */
  readonly onWait?: ((owner: LockOwner) => void) | undefined;
  /** Default: a minute. */
  readonly waitMs?: number;
}

const touchMs = 5_000;
const strangerMs = 30_000;
const unfinishedMs = 1_000;

/**
 * Does `work` while no other run writes to the project.
 * @throws ToolError when another run is still at it after `waitMs`
 */
export async function exclusively<T>(root: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const token = await acquire(root, options);
  if (token === undefined) return work();
  const path = join(root, lockFile);
  const alive = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), touchMs).unref();
  try {
    return await work();
  } finally {
    clearInterval(alive);
    if ((await ownerOf(path))?.token === token) await rm(path, { force: true });
    await rmdir(join(root, runFolder)).catch(() => undefined);
  }
}

async function acquire(root: string, { reading = false, onWait, waitMs = 60_000 }: LockOptions): Promise<string | undefined> {
  const path = join(root, lockFile);
  const mine: LockOwner = { pid: process.pid, host: hostname(), born: bornOf(process.pid), token: randomUUID() };
  const end = Date.now() + waitMs;
  for (let waited = false; ; ) {
    if (!reading && (await create(root, path, mine))) return mine.token;
    const owner = await ownerOf(path);
    if (owner === undefined) {
      if (reading) return undefined;
    } else if (await isGone(owner, path)) {
      if (reading) return undefined;
      await removeOf(owner, path);
      continue;
    } else if (!waited) {
      waited = true;
      onWait?.(owner);
    }
    if (Date.now() > end)
      throw new ToolError(
        "files/unreadable",
        `Another run${owner === undefined ? "" : ` (process ${owner.pid} on ${owner.host})`} is writing to this project.`,
        {
          help: `Wait until it has ended. If there is none, remove ${lockFile}.`,
        },
      );
    await sleep(50);
  }
}

async function create(root: string, path: string, owner: LockOwner): Promise<boolean> {
  try {
    await mkdir(join(root, runFolder), { recursive: true });
    await writeFile(path, JSON.stringify(owner), { flag: "wx" });
    // Whoever was held up before its name was written may have been taken for gone.
    return (await ownerOf(path))?.token === owner.token;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    // ENOENT: whoever had it has just removed the folder.
    if (code === "EEXIST" || code === "ENOENT") return false;
    throw new ToolError("files/unreadable", `${lockFile} cannot be written: ${(error as Error).message}`, { cause: error });
  }
}

/** Two who find the same owner gone must not remove the lock that one of them has taken meanwhile. */
async function removeOf(owner: LockOwner, path: string): Promise<void> {
  const guard = `${path}.removing`;
  try {
    await mkdir(guard);
  } catch {
    const since = await stat(guard).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - since > touchMs) await rmdir(guard).catch(() => undefined);
    await sleep(10);
    return;
  }
  try {
    if ((await ownerOf(path))?.token === owner.token) await rm(path, { force: true });
  } finally {
    await rmdir(guard).catch(() => undefined);
  }
}

async function isGone(owner: LockOwner, path: string): Promise<boolean> {
  const unfinished = owner.pid === 0;
  if (owner.host !== hostname() || unfinished) {
    const touched = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    );
    return Date.now() - touched > (unfinished ? unfinishedMs : strangerMs);
  }
  return !isRunning(owner.pid) || (owner.born !== "" && owner.born !== bornOf(owner.pid));
}

/** Whether this machine has a process of that number. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Undefined where there is no lock; a file that is still being written, or was never finished, is nobody's. */
async function ownerOf(path: string): Promise<LockOwner | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    return undefined;
  }
  try {
    const owner: Partial<LockOwner> = JSON.parse(text);
    if (typeof owner.pid === "number" && typeof owner.host === "string" && typeof owner.token === "string")
      return { pid: owner.pid, host: owner.host, born: owner.born ?? "", token: owner.token };
  } catch {}
  return { pid: 0, host: "an unknown machine", born: "", token: text };
}

/** Numbers of processes come again; with the time of birth they do not. */
function bornOf(pid: number): string {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8");
    return fields.slice(fields.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
