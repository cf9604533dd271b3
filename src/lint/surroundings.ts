import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { contentHash } from "../spec/cache/content-hash.js";
import type { Config } from "../spec/model.js";

/** What rules read beside the specs and the schema: content hashes by file. Rules get at them through their context only. */
export interface OutsideFiles {
  /** Relative to the folder of the generated code. */
  readonly handlers: ReadonlyMap<string, string>;
  readonly migrations: ReadonlyMap<string, string>;
}

export function outsideFiles(root: string, { out, migrations }: Config): OutsideFiles {
  return { handlers: hashes(join(root, out), ".handler.ts"), migrations: hashes(join(root, migrations), ".sql") };
}

function hashes(folder: string, ending: string): ReadonlyMap<string, string> {
  try {
    return new Map(
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(ending))
        .sort()
        .map((file) => [file.split(sep).join("/"), contentHash(readFileSync(join(folder, file)))]),
    );
  } catch {
    // No such folder yet.
    return new Map();
  }
}
