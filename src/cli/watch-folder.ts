import { type Dirent, existsSync, type FSWatcher, lstatSync, readdirSync, watch } from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { ToolError } from "../spec/tool-error.js";

export interface WatchFolderOptions {
  /** With the folders in it, those that come later included. */
  readonly recursive: boolean;
  /** Told the absolute path of whatever has appeared, changed or gone. */
  changed(path: string): void;
  /** Told that a folder which has come later cannot be watched. */
  failed(error: unknown): void;
}

/**
 * Watches a folder, also one that is not there yet or goes and comes back. Each folder has a watcher of its own: Node's
 * recursive watching loses a file under Linux that another one is renamed over, as editors save, from the second time on.
 * @throws ToolError when the system has no watchers left
 */
export function watchFolder(folder: string, { recursive, changed, failed }: WatchFolderOptions): { close(): void } {
  const watchers = new Map<string, FSWatcher>();
  let ancestor: FSWatcher | undefined;

  const drop = (path: string): void => {
    for (const [watched, watcher] of watchers)
      if (watched === path || watched.startsWith(path + sep)) {
        watcher.close();
        watchers.delete(watched);
      }
  };
  const heard = (path: string, event: string): void => {
    try {
      // A folder has come, gone, or taken the place of another one.
      if (recursive && event === "rename") {
        drop(path);
        const entry = lstatSync(path, { throwIfNoEntry: false });
        if (entry !== undefined && isWatched(basename(path), entry)) for (const file of add(path)) changed(file);
      }
      changed(path);
      if (!existsSync(folder)) start();
    } catch (error) {
      failed(error);
    }
  };
  /** Returns the files that are there. */
  const add = (path: string): readonly string[] => {
    const watcher = open(path, (event, name) => heard(name === null ? path : join(path, name), event));
    if (watcher === undefined) return [];
    watcher.on("error", () => drop(path));
    watchers.set(path, watcher);
    // Read after watching has begun, so that nothing is lost in between.
    return entriesOf(path).flatMap((entry) => {
      const inside = join(path, entry.name);
      if (!entry.isDirectory()) return [inside];
      return recursive && isWatched(entry.name, entry) ? add(inside) : [];
    });
  };
  /** Returns the files that are there. */
  const start = (): readonly string[] => {
    drop(folder);
    ancestor?.close();
    ancestor = undefined;
    if (existsSync(folder)) return add(folder);
    ancestor = open(nearestExisting(folder), () => {
      try {
        for (const file of start()) changed(file);
      } catch (error) {
        failed(error);
      }
    });
    // It may have come meanwhile.
    return existsSync(folder) ? start() : [];
  };
  start();
  return {
    close() {
      ancestor?.close();
      drop(folder);
    },
  };
}

function open(path: string, listener: (event: string, name: string | null) => void): FSWatcher | undefined {
  try {
    return watch(path, listener);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    // It has gone meanwhile.
    if (code !== "ENOSPC" && code !== "EMFILE") return undefined;
    throw new ToolError("files/unreadable", `${path} cannot be watched: the system has no watchers left.`, {
      help: "Under Linux, raise fs.inotify.max_user_watches (sysctl), or end other programs that watch files.",
      cause,
    });
  }
}

/** Packages and what tools keep for themselves change often, and no project is made from them. */
function isWatched(name: string, entry: Pick<Dirent, "isDirectory">): boolean {
  return entry.isDirectory() && name !== "node_modules" && !name.startsWith(".");
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function nearestExisting(path: string): string {
  const parent = dirname(path);
  return parent === path || existsSync(parent) ? parent : nearestExisting(parent);
}
