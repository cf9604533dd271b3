import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Writes a file of the cache, whose folder is its own .gitignore. Where that cannot be written to, it costs speed only. */
export function replaceFile(path: string, parts: readonly (string | Uint8Array)[]): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(join(dirname(path), ".gitignore"), "*\n");
    const file = openSync(temporary, "w");
    try {
      for (const part of parts) writeFileSync(file, part);
    } finally {
      closeSync(file);
    }
    // Renamed into place, so that a run beside this one reads the old content or the new.
    renameSync(temporary, path);
  } catch {
    discard(temporary);
  }
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It is not there then.
  }
}
