// Makes a set of changes all or nothing, also for a process that is killed in the middle:
//
//   staged ──(journal renamed into place)──▶ decided ──(each file renamed into place)──▶ done ──▶ journal removed
//                                               │
//                                               └─(a file cannot be written)──▶ journal says back ──▶ each file put back
//
// Before the journal is there nothing has been touched; from then on whoever comes next finishes what it says.
import { lstatSync, readdirSync, readFileSync, realpathSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ToolError } from "../../spec/tool-error.js";
import { hashOfBytes } from "./manifest.js";
import { moveInto } from "./move-into.js";
import { runFolder } from "./project-lock.js";
import { ownPath, safePath } from "./safe-path.js";

const journalFile = `${runFolder}/journal.json`;

export interface Journal {
  readonly version: 1;
  /** `back`: what was begun is undone. */
  readonly direction: "forward" | "back";
  /** The folder of the texts, in the run's folder: `0`, `1`, …, by the index of the change. */
  readonly staging: string;
  readonly changes: readonly JournalChange[];
}

export interface JournalChange {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** Hashes of the content before and after; null where there is no file. */
  readonly before: string | null;
  readonly after: string | null;
}

export function writeJournal(root: string, journal: Journal): void {
  const temporary = join(root, `${journalFile}.${journal.staging}`);
  writeFileSync(temporary, JSON.stringify(journal));
  renameSync(temporary, join(root, journalFile));
}

export function removeJournal(root: string): void {
  rmSync(join(root, journalFile), { force: true });
}

/**
 * Does what a journal says with one file. A content that is neither the old nor the new one is somebody's own, and
 * stays: `unseen` says that nobody has looked since the journal was written.
 */
export function carryOut(root: string, journal: Journal, index: number, unseen = true): void {
  const change = journal.changes[index];
  if (change === undefined) return;
  const forward = journal.direction === "forward";
  const [from, to] = forward ? [change.before, change.after] : [change.after, change.before];
  const path = join(root, change.path);
  if (unseen && hashAt(path) !== from) return;
  // What a link leads to is written, not the link.
  const target = from !== null && lstatSync(path).isSymbolicLink() ? realpathSync(path) : path;
  if (to === null) rmSync(target, { force: true });
  else moveInto(join(root, runFolder, journal.staging, forward ? `${index}` : `${index}.before`), target);
}

/** Has a run been cut off between its decision and its end? */
export function isCutOff(root: string): boolean {
  return readJournal(root) !== undefined;
}

/**
 * Finishes what an earlier run was cut off in, and clears away what it had staged. Only for who holds the lock.
 * @param folders that a run writes to, relative to the root: outside of them only files with names of ours are touched,
 * whatever the journal says
 */
export function finishEarlierRun(root: string, folders: readonly string[]): void {
  const journal = readJournal(root);
  if (journal !== undefined) {
    for (const [index, { path }] of journal.changes.entries()) {
      const inside = folders.find((folder) => path.startsWith(`${folder}/`));
      // What is in none of them was where `out` led to before.
      if (inside === undefined) ownPath(root, path);
      else safePath(root, inside, path);
      carryOut(root, journal, index);
    }
    removeJournal(root);
  }
  for (const entry of entriesIn(join(root, runFolder)))
    if (!entry.startsWith("lock")) rmSync(join(root, runFolder, entry), { recursive: true, force: true });
}

/** Removes the run's folder, should nothing be in it. */
export function removeRunFolder(root: string): void {
  try {
    rmdirSync(join(root, runFolder));
  } catch {
    // The lock is in it.
  }
}

function entriesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readJournal(root: string): Journal | undefined {
  let text: string;
  try {
    text = readFileSync(join(root, journalFile), "utf8");
  } catch {
    return undefined;
  }
  const journal = parsed(text);
  if (journal !== undefined) return journal;
  throw new ToolError("files/unreadable", `${journalFile} cannot be read: it belongs to a run that was cut off.`, {
    help: "Finish with the version that wrote it, or remove it and run again.",
  });
}

function parsed(text: string): Journal | undefined {
  try {
    const journal: Journal = JSON.parse(text);
    const isChange = ({ path, before, after }: JournalChange) =>
      typeof path === "string" && [before, after].every((hash) => hash === null || typeof hash === "string");
    return journal.version === 1 && /^[\w-]+$/.test(journal.staging) && journal.changes.every(isChange) ? journal : undefined;
  } catch {
    return undefined;
  }
}

/** Null where there is nothing, undefined where there is something that is no file. */
function hashAt(path: string): string | null | undefined {
  try {
    return hashOfBytes(readFileSync(path));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    if (code === "EISDIR") return undefined;
    throw error;
  }
}
