import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contentHash } from "../spec/cache/content-hash.js";
import { filesUnder } from "../spec/files-under.js";
import type { Config } from "../spec/model.js";
import { isUnwritten } from "./handler-source.js";

/** What rules read beside the specs and the schema: content hashes by file. Rules get at them through their context only. */
export interface OutsideFiles {
  /** Relative to the folder of the generated code; without those that nobody has written yet. */
  readonly handlers: ReadonlyMap<string, string>;
  /** Without those of the runtime's tables, which no rule is about. */
  readonly migrations: ReadonlyMap<string, string>;
}

/** As `usecase generate` calls it; a migration of the user may have our name in its own. */
const ownMigration = /^\d+_usecasecore\.sql$/;

export function outsideFiles(root: string, { out, migrations }: Config): OutsideFiles {
  return {
    handlers: hashes(join(root, out), (file) => file.endsWith(".handler.ts"), isUnwritten),
    migrations: hashes(join(root, migrations), (file) => file.endsWith(".sql") && !ownMigration.test(file)),
  };
}

function hashes(
  folder: string,
  isWanted: (file: string) => boolean,
  isLeftOut: (content: Buffer) => boolean = () => false,
): ReadonlyMap<string, string> {
  try {
    const files = filesUnder(folder).filter(isWanted);
    return new Map(
      files.flatMap((file) => {
        const content = readFileSync(`${folder}/${file}`);
        return isLeftOut(content) ? [] : [[file, contentHash(content)] as const];
      }),
    );
  } catch {
    // No such folder yet.
    return new Map();
  }
}
