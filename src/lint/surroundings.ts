import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contentHash } from "../spec/cache/content-hash.js";
import type { Config } from "../spec/model.js";

/** What rules read beside the specs and the schema: handlers and migrations. Rules get at them through their context only. */
export function outsideFiles(root: string, { out, migrations }: Config): readonly string[] {
  return [...hashes(join(root, out), ".handler.ts"), ...hashes(join(root, migrations), ".sql")];
}

function hashes(folder: string, ending: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(ending))
      .sort()
      .map((file) => `${file} ${contentHash(readFileSync(join(folder, file)))}`);
  } catch {
    // No such folder yet.
    return [];
  }
}
