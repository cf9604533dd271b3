// Makes a set of changes all or nothing, also for a process that is killed in the middle:
//
//   staged ──(journal renamed into place)──▶ decided ──(each file renamed into place)──▶ done ──▶ journal removed
//                                               │
//                                               └─(a file cannot be written)──▶ journal says the reverse ──▶ each file put back
//
// Before the journal is there nothing has been touched; from then on whoever comes next finishes what it says.
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ToolError } from "../../spec/tool-error.js";
import { hashOf } from "./manifest.js";
import { moveInto } from "./move-into.js";
import { runFolder } from "./project-lock.js";
import { ownPath, safePath } from "./safe-path.js";

const journalFile = `${runFolder}/journal.json`;

export interface Journal {
  readonly version: 2;
  /** The folder of the contents, in the run's folder. */
  readonly staging: string;
  readonly changes: readonly JournalChange[];
}

export interface JournalChange {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** The hash of the content that is replaced; null where there is no file. */
  readonly from: string | null;
  /** The file that replaces it, relative to the staging folder; null: there will be none. */
  readonly to: string | null;
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
 * Does what a journal says with one file. A content that is not the one to be replaced is the new one or somebody's own,
 * and stays: `unseen` says that nobody has looked since the journal was written.
 */
export function carryOut(root: string, { staging }: Journal, { path, from, to }: JournalChange, unseen = true): void {
  const named = join(root, path);
  if (unseen && hashAt(named) !== from) return;
  // What a link leads to is written, not the link.
  const target = from !== null && lstatSync(named).isSymbolicLink() ? realpathSync(named) : named;
  if (to === null) rmSync(target, { force: true });
  else moveInto(join(root, runFolder, staging, to), target);
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
    for (const change of journal.changes) {
      const { path } = change;
      const inside = folders.find((folder) => path.startsWith(`${folder}/`));
      // What is in none of them was where `out` led to before.
      if (inside === undefined) ownPath(root, path);
      else safePath(root, inside, path);
      carryOut(root, journal, change);
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
    const isText = (each: unknown) => each === null || typeof each === "string";
    const isChange = ({ path, from, to }: JournalChange) =>
      typeof path === "string" && isText(from) && isText(to) && to?.split(/[\\/]/).includes("..") !== true;
    return journal.version === 2 && /^[\w-]+$/.test(journal.staging) && journal.changes.every(isChange) ? journal : undefined;
  } catch {
    return undefined;
  }
}

/** Null where there is nothing, undefined where there is something that is no file. */
function hashAt(path: string): string | null | undefined {
  if (!existsSync(path)) return null;
  try {
    return hashOf(readFileSync(path));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EISDIR") return undefined;
    throw error;
  }
}
