import { randomUUID } from "node:crypto";
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { ToolError } from "../../spec/tool-error.js";
import { carryOut, type Journal, removeJournal, removeRunFolder, writeJournal } from "./journal.js";
import { hashOf, hashOfBytes } from "./manifest.js";
import { runFolder } from "./project-lock.js";

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
  const contents: (Buffer | undefined)[] = [];
  try {
    mkdirSync(folder, { recursive: true });
    const folders = new Set<string>();
    for (const [index, change] of changes.entries()) contents[index] = stage(change, join(folder, `${index}`), folders);
  } catch (cause) {
    clear();
    throw failure(cause, "everything is as it was");
  }
  const journal: Journal = {
    version: 1,
    direction: "forward",
    staging,
    changes: changes.map((each, index) => entry(root, each, contents[index])),
  };
  try {
    writeJournal(root, journal);
    for (const [index, { kind }] of changes.entries()) carryOut(root, journal, index, kind === "scaffold");
  } catch (cause) {
    try {
      undo(root, journal, contents);
    } catch {
      throw failure(cause, "and the files cannot be put back now: the next run finishes what this one began");
    }
    clear();
    throw failure(cause, "everything is as it was");
  }
  clear();
}

function undo(root: string, journal: Journal, contents: readonly (Buffer | undefined)[]): void {
  const back: Journal = { ...journal, direction: "back" };
  const before = (index: number) => join(root, runFolder, journal.staging, `${index}.before`);
  for (const [index, content] of contents.entries()) if (content !== undefined) writeFileSync(before(index), content);
  writeJournal(root, back);
  for (const index of journal.changes.keys()) carryOut(root, back, index);
}

/** Returns the content that is there now. `folders`: those that are known to be there. */
function stage({ target, before, after, kind }: Change, staged: string, folders: Set<string>): Buffer | undefined {
  if (before === undefined) {
    if (after === undefined) return undefined;
    const folder = dirname(target);
    if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
    folders.add(folder);
    write(staged, after, false);
    return undefined;
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
    write(staged, after, kind === "scaffold");
    chmodSync(staged, mode & 0o777);
  }
  return content;
}

/** What the user wrote reaches the disk before its old content leaves it. */
function write(path: string, text: string, durable: boolean): void {
  const file = openSync(path, "w");
  try {
    writeFileSync(file, text);
    if (durable) fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function entry(root: string, { target, after }: Change, content: Buffer | undefined) {
  return {
    path: relative(root, target).split(sep).join("/"),
    before: content === undefined ? null : hashOfBytes(content),
    after: after === undefined ? null : hashOf(after),
  };
}

function failure(cause: unknown, end: string): ToolError {
  if (cause instanceof ToolError) return cause;
  const message = cause instanceof Error ? ` ${cause.message}` : "";
  return new ToolError("files/unreadable", `Writing failed; ${end}.${message}`, { cause });
}
