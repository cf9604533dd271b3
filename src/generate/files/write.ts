import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { ToolError } from "../../spec/tool-error.js";
import { carryOut, type Journal, type JournalChange, removeJournal, removeRunFolder, writeJournal } from "./journal.js";
import { hashOf } from "./manifest.js";
import { createNewFolders, type NewFolder, type NewFolders } from "./new-folders.js";
import { runFolder } from "./project-lock.js";
import { type NewFile, writeNewFiles } from "./write-new-files.js";

/** A file to be written, or (without text) removed. */
export interface Change {
  /** Absolute. */
  readonly target: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** `scaffold`: a file of the user. */
  readonly kind?: string;
}

/**
 * Makes all changes or none. Every text is staged first, so that a full disk or a missing right shows before anything
 * is touched, and no file may have changed since it was read; then a journal is written, and the files are moved into
 * place, the last change last. Should one of them fail, all are put back; should the process end, the next run finishes.
 * One file after the other: promises for thousands of small files take five times as long. For who holds the lock.
 */
export async function writeChanges(root: string, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const staging = randomUUID();
  const folder = join(root, runFolder, staging);
  const clear = () => {
    removeJournal(root);
    rmSync(folder, { recursive: true, force: true });
    removeRunFolder(root);
  };
  const newFolders = createNewFolders(folder);
  let staged: readonly Staged[];
  try {
    mkdirSync(folder, { recursive: true });
    staged = changes.map((change, index) => stage(root, folder, change, `${index}`, newFolders));
    await writeNewFiles(staged.flatMap(({ file }) => (file === undefined ? [] : [file])));
  } catch (cause) {
    clear();
    throw failure(cause, "everything is as it was");
  }
  const journal: Journal = { version: 2, staging, changes: staged.map(({ entry }) => entry) };
  try {
    writeJournal(root, journal);
    const moved = newFolders.move();
    for (const { change, entry, newFolder } of staged)
      if (newFolder === undefined || !moved.has(newFolder)) carryOut(root, journal, entry, change.kind === "scaffold");
  } catch (cause) {
    try {
      undo(root, folder, journal, staged);
    } catch {
      throw failure(cause, "and the files cannot be put back now: the next run finishes what this one began");
    }
    clear();
    throw failure(cause, "everything is as it was");
  }
  clear();
}

interface Staged {
  readonly change: Change;
  /** For the journal. */
  readonly entry: JournalChange;
  /** What is there now. */
  readonly content?: Buffer;
  readonly newFolder?: NewFolder | undefined;
  /** What is yet to be written. */
  readonly file?: NewFile;
}

function stage(root: string, staging: string, change: Change, name: string, newFolders: NewFolders): Staged {
  const { target, before, after, kind } = change;
  const path = relative(root, target).split(sep).join("/");
  if (before === undefined) {
    if (after === undefined) return { change, entry: { path, from: null, to: null } };
    const { path: to, newFolder } = newFolders.placeOf(target, name);
    return { change, entry: { path, from: null, to }, newFolder, file: [join(staging, to), after] };
  }
  const [content, { mode }] = [readFileSync(target), statSync(target)];
  if (content.toString() !== before)
    throw new ToolError("files/unreadable", `${target} was changed while this run was under way; nothing was written.`, {
      help: "Run it again.",
    });
  if ((mode & 0o222) === 0)
    throw new ToolError("files/unreadable", `${target} is read-only; nothing was written.`, {
      help: "Make it writable, and run it again.",
    });
  if (after !== undefined) {
    // What the user wrote reaches the disk before its old content leaves it.
    writeFileSync(join(staging, name), after, { flush: kind === "scaffold" });
    chmodSync(join(staging, name), mode & 0o777);
  }
  return { change, entry: { path, from: hashOf(content), to: after === undefined ? null : name }, content };
}

function undo(root: string, folder: string, { version, staging }: Journal, staged: readonly Staged[]): void {
  const changes = staged.map(({ change: { after }, entry: { path }, content }, index): JournalChange => {
    const to = content === undefined ? null : `${index}.before`;
    if (to !== null && content !== undefined) writeFileSync(join(folder, to), content);
    return { path, from: after === undefined ? null : hashOf(after), to };
  });
  const journal: Journal = { version, staging, changes };
  writeJournal(root, journal);
  for (const change of changes) carryOut(root, journal, change);
}

function failure(cause: unknown, end: string): ToolError {
  if (cause instanceof ToolError) return cause;
  const message = cause instanceof Error ? ` ${cause.message}` : "";
  return new ToolError("files/unreadable", `Writing failed; ${end}.${message}`, { cause });
}
