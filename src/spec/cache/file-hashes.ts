import { readFileSync, statSync } from "node:fs";
import { contentHash } from "./content-hash.js";

/** Content hashes of a project's files. A file that looks as it did when it was last hashed is not read. */
export interface FileHashes {
  /** The folder that paths are relative to, absolute. */
  readonly root: string;
  /** Of the file's bytes, when it was first asked for; undefined where there is none, or it cannot be read. */
  of(path: string): string | undefined;
  /** Looks again, should the file be asked for: it may have been written. */
  forget(path: string): void;
  /** Keeps what was found for later runs. */
  write(): void;
}

/** How a file looked, and its hash, by path. */
export type KnownHashes = Readonly<Record<string, readonly [look: string, hash: string]>>;

interface HashStore {
  read(name: "files"): KnownHashes | undefined;
  write(name: "files", content: KnownHashes): void;
}

/**
 * As in git's index, a look is size, times, and the file's number. Whoever writes a file cannot set the time of its last
 * change; but two changes within a tick of the clock look the same, so what was young when it was hashed is read again.
 */
export function openFileHashes(root: string, cache: HashStore): FileHashes {
  const known: KnownHashes = cache.read("files") ?? {};
  const found: Record<string, readonly [look: string, hash: string]> = {};
  const asked = new Map<string, string | undefined>();
  let isNew = false;
  const look = (path: string): string | undefined => {
    const file = `${root}/${path}`;
    const before = known[path];
    try {
      const { size, mtimeMs, ctimeMs, ino } = statSync(file);
      const seen = `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
      if (before?.[0] === seen) {
        found[path] = before;
        return before[1];
      }
      const now = Date.now();
      const hash = contentHash(readFileSync(file));
      const last = Math.max(mtimeMs, ctimeMs);
      if (now - last > (Number.isInteger(last / 1_000) ? coarseTickMs : tickMs)) {
        found[path] = [seen, hash];
        isNew = true;
      }
      return hash;
    } catch {
      return undefined;
    }
  };
  return {
    root,
    of(path) {
      if (!asked.has(path)) asked.set(path, look(path));
      return asked.get(path);
    },
    forget: (path) => asked.delete(path),
    write() {
      if (isNew) cache.write("files", { ...known, ...found });
    },
  };
}

/** Clocks of file systems tick at least as often; where times have no fractions, every second or two. */
const tickMs = 50;
const coarseTickMs = 3_000;
