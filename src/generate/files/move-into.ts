import { copyFile, rename } from "node:fs/promises";

/** By renaming; over the border of a file system, by copying next to the target and renaming there. */
export async function moveInto(staged: string, target: string): Promise<void> {
  try {
    await rename(staged, target);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
    const beside = `${target}.usecase-tmp`;
    await copyFile(staged, beside);
    await rename(beside, target);
  }
}
