import { readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

export interface DirectoryLock {
  release(): Promise<void>;
}

/** Who uses a directory within this process. */
const owners = new Map<string, { readonly closed: boolean }>();

/**
 * Marks a database's directory as used by this process, and by `owner` within it; no directory, no lock.
 * What a process left that has ended is taken over. It sees only processes of this machine, not other containers.
 */
export async function lockDirectory(directory: string | undefined, owner: { readonly closed: boolean }): Promise<DirectoryLock> {
  if (directory === undefined) return { release: () => Promise.resolve() };
  const path = resolve(directory);
  const file = join(path, "usecase.pid");
  const other = owners.get(path);
  if (other !== undefined && other !== owner && !other.closed) throw inUse(path, "another client of this process");
  owners.set(path, owner);
  try {
    await mark(path, file);
  } catch (failure) {
    owners.delete(path);
    throw failure;
  }
  return {
    async release() {
      if (owners.get(path) !== owner) return;
      owners.delete(path);
      await rm(file, { force: true });
    },
  };
}

async function mark(path: string, file: string): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      await writeFile(file, String(process.pid), { flag: "wx" });
      return;
    } catch (failure) {
      if ((failure as NodeJS.ErrnoException).code !== "EEXIST") throw failure;
    }
    const holder = Number(await readFile(file, "utf8").catch(() => ""));
    // Our own number, and nobody here uses the directory: an earlier process had it, as in a restarted container.
    if (holder === process.pid) return;
    if (isAlive(holder)) throw inUse(path, `process ${holder}`);
    await rm(file, { force: true });
  }
  throw inUse(path, "another process");
}

const inUse = (path: string, who: string) =>
  new Error(`The PGlite directory ${path} is in use by ${who}; PGlite would lose what both of them write.`);

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (failure) {
    // EPERM: alive, and another user's.
    return (failure as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
