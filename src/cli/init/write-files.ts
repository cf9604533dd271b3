import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Change } from "../../generate/files/write.js";
import { ToolError } from "../../spec/tool-error.js";

/**
 * Writes files that need not be within the project (CI and editor settings are the repository's), each whole or not at
 * all; should one of them fail, those before it are put back.
 */
export async function writeFiles(changes: readonly Change[]): Promise<void> {
  const done: Change[] = [];
  try {
    for (const change of changes) {
      await replace(change.target, change.after ?? "");
      done.push(change);
    }
  } catch (cause) {
    for (const { target, before } of done.reverse()) await (before === undefined ? rm(target, { force: true }) : replace(target, before));
    throw new ToolError(
      "files/unreadable",
      `Writing failed; everything is as it was. ${cause instanceof Error ? cause.message : ""}`.trim(),
      { cause },
    );
  }
}

async function replace(target: string, text: string): Promise<void> {
  const beside = `${target}.usecase-tmp`;
  await mkdir(dirname(target), { recursive: true });
  try {
    await writeFile(beside, text);
    await rename(beside, target);
  } finally {
    await rm(beside, { force: true });
  }
}
