import { randomUUID } from "node:crypto";
import { chmod, mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
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
 * For who holds the lock.
 */
export async function writeChanges(root: string, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const staging = randomUUID();
  const folder = join(root, runFolder, staging);
  const clear = async () => {
    await removeJournal(root);
    await rm(folder, { recursive: true, force: true });
    await removeRunFolder(root);
  };
  const contents: (Buffer | undefined)[] = [];
  try {
    await mkdir(folder, { recursive: true });
    await Promise.all(
      changes.map(async (change, index) => {
        contents[index] = await stage(change, join(folder, `${index}`));
      }),
    );
  } catch (cause) {
    await clear();
    throw failure(cause, "everything is as it was");
  }
  const journal: Journal = {
    version: 1,
    direction: "forward",
    staging,
    changes: changes.map((each, index) => entry(root, each, contents[index])),
  };
  try {
    await writeJournal(root, journal);
    const last = changes.length - 1;
    await Promise.all(changes.slice(0, last).map(({ kind }, index) => carryOut(root, journal, index, kind === "scaffold")));
    await carryOut(root, journal, last, false);
  } catch (cause) {
    await undo(root, journal, contents).catch(() => {
      throw failure(cause, "and the files cannot be put back now: the next run finishes what this one began");
    });
    await clear();
    throw failure(cause, "everything is as it was");
  }
  await clear();
}

async function undo(root: string, journal: Journal, contents: readonly (Buffer | undefined)[]): Promise<void> {
  const back: Journal = { ...journal, direction: "back" };
  const before = (index: number) => join(root, runFolder, journal.staging, `${index}.before`);
  await Promise.all(contents.map(async (content, index) => content !== undefined && writeFile(before(index), content)));
  await writeJournal(root, back);
  for (const index of journal.changes.keys()) await carryOut(root, back, index);
}

/** Returns the content that is there now. */
async function stage({ target, before, after, kind }: Change, staged: string): Promise<Buffer | undefined> {
  if (before === undefined) {
    if (after === undefined) return undefined;
    await mkdir(dirname(target), { recursive: true });
    await write(staged, after, false);
    return undefined;
  }
  const [content, { mode }] = await Promise.all([readFile(target), stat(target)]);
  if (content.toString() !== before)
    throw new ToolError("files/unreadable", `${target} was changed while this run was under way; nothing was written.`, {
      help: "Run it again.",
    });
  if ((mode & 0o222) === 0)
    throw new ToolError("files/unreadable", `${target} is read-only; nothing was written.`, {
      help: "Make it writable, and run it again.",
    });
  if (after !== undefined) {
    await write(staged, after, kind === "scaffold");
    await chmod(staged, mode & 0o777);
  }
  return content;
}

/** What the user wrote reaches the disk before its old content leaves it. */
async function write(path: string, text: string, durable: boolean): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(text);
    if (durable) await file.sync();
  } finally {
    await file.close();
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
