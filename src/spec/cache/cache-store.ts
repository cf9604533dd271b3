import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSchema } from "../model.js";
import type { CachedLint } from "./cached-lint.js";
import type { CachedUseCases } from "./cached-use-cases.js";
import { contentHash } from "./content-hash.js";
import { toolIdentity } from "./tool-identity.js";

/** What is kept between runs, by the name of its file. */
export interface CacheContents {
  readonly schema: {
    readonly inputs: readonly (readonly [file: string, hash: string])[];
    readonly key: string;
    readonly schema: DatabaseSchema;
  };
  readonly "use-cases": CachedUseCases;
  readonly findings: CachedLint;
}

/** Answers of earlier runs. Nothing depends on it: whatever cannot be read is not there, whatever cannot be written is not. */
export interface CacheStore {
  read<Name extends keyof CacheContents>(name: Name): CacheContents[Name] | undefined;
  write<Name extends keyof CacheContents>(name: Name, content: CacheContents[Name]): void;
}

/** A cache that also remembers what it has read and written itself: for a process that runs more than once. */
export function rememberingCache(cache: CacheStore): CacheStore {
  const contents = new Map<string, unknown>();
  return {
    read(name) {
      if (!contents.has(name)) contents.set(name, cache.read(name));
      return contents.get(name) as ReturnType<typeof cache.read<typeof name>>;
    },
    write(name, content) {
      contents.set(name, content);
      cache.write(name, content);
    },
  };
}

/** The cache in `.usecase/cache/` of a project. */
export function openCache(root: string): CacheStore {
  const folder = join(root, ".usecase/cache");
  let identity: string | undefined;
  // The content's own hash tells a file that was cut short or changed.
  const header = (body: string) => {
    identity ??= toolIdentity();
    return `usecasecore ${identity} ${contentHash(body)}\n`;
  };
  return {
    read(name) {
      try {
        const text = readFileSync(join(folder, `${name}.json`), "utf8");
        const start = text.indexOf("\n") + 1;
        const body = text.slice(start);
        return text.slice(0, start) === header(body) ? JSON.parse(body) : undefined;
      } catch {
        return undefined;
      }
    },
    write(name, content) {
      const temporary = join(folder, `${name}.${process.pid}.tmp`);
      try {
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, ".gitignore"), "*\n");
        const body = JSON.stringify(content);
        writeFileSync(temporary, header(body) + body);
        // Renamed into place, so that a run beside this one reads the old content or the new.
        renameSync(temporary, join(folder, `${name}.json`));
      } catch {
        // A folder that cannot be written to costs speed only.
        discard(temporary);
      }
    },
  };
}

function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It is not there then.
  }
}
