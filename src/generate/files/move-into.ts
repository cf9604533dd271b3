import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname } from "node:path";

/** By renaming; over the border of a file system, by copying next to the target and renaming there. Makes its folder. */
export function moveInto(staged: string, target: string): void {
  try {
    renameSync(staged, target);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" && !existsSync(dirname(target))) {
      mkdirSync(dirname(target), { recursive: true });
      moveInto(staged, target);
    } else if (code === "EXDEV") {
      const beside = `${target}.usecase-tmp`;
      copyFileSync(staged, beside);
      renameSync(beside, target);
    } else throw error;
  }
}
