import { copyFileSync, renameSync } from "node:fs";

/** By renaming; over the border of a file system, by copying next to the target and renaming there. */
export function moveInto(staged: string, target: string): void {
  try {
    renameSync(staged, target);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
    const beside = `${target}.usecase-tmp`;
    copyFileSync(staged, beside);
    renameSync(beside, target);
  }
}
