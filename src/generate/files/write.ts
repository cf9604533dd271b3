import { randomUUID } from "node:crypto";
import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ToolError } from "../../spec/tool-error.js";

/** A file to be written, or (without text) removed. */
export interface Change {
  /** Absolute. */
  readonly target: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/**
 * Makes all changes or none: every text is staged in `.usecase/` first, so that a full disk or a missing right shows
 * before anything is touched; then the files are renamed into place, and put back as they were should one of them fail.
 */
export async function writeChanges(root: string, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const staging = join(root, ".usecase", `staging-${randomUUID()}`);
  const done: Change[] = [];
  try {
    await mkdir(staging, { recursive: true });
    await Promise.all(changes.map(({ after }, index) => after !== undefined && writeFile(join(staging, `${index}`), after)));
    await Promise.all(changes.map(({ target, after }) => after !== undefined && mkdir(dirname(target), { recursive: true })));
    for (const [index, change] of changes.entries()) {
      done.push(change);
      if (change.after === undefined) await rm(change.target, { force: true });
      else await moveInto(join(staging, `${index}`), change.target);
    }
  } catch (error) {
    for (const { target, before } of done.reverse()) {
      await (before === undefined ? rm(target, { force: true }) : writeFile(target, before)).catch(() => undefined);
    }
    throw new ToolError(
      "files/unreadable",
      `Writing failed; everything is as it was. ${error instanceof Error ? error.message : ""}`.trim(),
      {
        cause: error,
      },
    );
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** By renaming; over the border of a file system, by copying next to the target and renaming there. */
async function moveInto(staged: string, target: string): Promise<void> {
  try {
    await rename(staged, target);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
    const beside = `${target}.usecase-tmp`;
    await copyFile(staged, beside);
    await rename(beside, target);
  }
}
