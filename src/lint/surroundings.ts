import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contentHash } from "../spec/cache/content-hash.js";
import { filesUnder } from "../spec/files-under.js";
import type { Config } from "../spec/model.js";
import { handlersIn } from "./handler-source.js";

/** What rules read beside the specs and the schema, as content hashes. Rules get at it through their context only. */
export interface OutsideFiles {
  /** By the folder in that of the generated code; without those that nobody has written yet. */
  readonly handlers: ReadonlyMap<string, string>;
  /** By file; without those of the runtime's tables, which no rule is about. */
  readonly migrations: ReadonlyMap<string, string>;
}

/** As `usecase generate` calls it; a migration of the user may have our name in its own. */
const ownMigration = /^\d+_usecasecore\.sql$/;

export function outsideFiles(root: string, { out, migrations }: Config): OutsideFiles {
  return {
    handlers: new Map(handlersIn(join(root, out)).map(([folder, text]) => [folder, contentHash(text)])),
    migrations: migrationsIn(join(root, migrations)),
  };
}

function migrationsIn(folder: string): ReadonlyMap<string, string> {
  try {
    const files = filesUnder(folder).filter((file) => file.endsWith(".sql") && !ownMigration.test(file));
    return new Map(files.map((file) => [file, contentHash(readFileSync(`${folder}/${file}`))]));
  } catch {
    // No such folder yet.
    return new Map();
  }
}
