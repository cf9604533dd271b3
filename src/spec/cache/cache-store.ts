import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSchema } from "../model.js";
import type { CachedLint } from "./cached-lint.js";
import { contentHash } from "./content-hash.js";
import type { KnownHashes } from "./file-hashes.js";
import { type Journal, openJournal } from "./journal.js";
import type { LastRun } from "./last-run.js";
import { replaceFile } from "./replace-file.js";
import { toolIdentity } from "./tool-identity.js";

/** What is kept between runs as a whole, by the name of its file. */
export interface CacheContents {
  readonly schema: {
    readonly inputs: readonly (readonly [file: string, hash: string])[];
    readonly key: string;
    readonly schema: DatabaseSchema;
  };
  readonly findings: CachedLint;
  readonly generated: LastRun;
  readonly files: KnownHashes;
}

/** Answers of earlier runs. Nothing depends on it: whatever cannot be read is not there, whatever cannot be written is not. */
export interface CacheStore {
  read<Name extends keyof CacheContents>(name: Name): CacheContents[Name] | undefined;
  write<Name extends keyof CacheContents>(name: Name, content: CacheContents[Name]): void;
  /** Of each use case: its model, what lint has found and has to remember of it, and what generate makes of it. */
  journal(name: "use-cases" | "checks" | "output"): Journal;
}

/** A cache that also remembers what it has read and written itself: for a process that runs more than once. */
export function rememberingCache(cache: CacheStore): CacheStore {
  const contents = new Map<string, unknown>();
  const remembered = <Content>(name: string, open: () => Content): Content => {
    if (!contents.has(name)) contents.set(name, open());
    return contents.get(name) as Content;
  };
  return {
    read: (name) => remembered(name, () => cache.read(name)),
    write(name, content) {
      contents.set(name, content);
      cache.write(name, content);
    },
    journal: (name) => remembered(name, () => cache.journal(name)),
  };
}

/** The cache in `.usecase/cache/` of a project. */
export function openCache(root: string): CacheStore {
  const folder = join(root, ".usecase/cache");
  let identity: string | undefined;
  const header = () => {
    identity ??= `usecasecore ${toolIdentity()}`;
    return identity;
  };
  // The content's own hash tells a file that was cut short or changed.
  const headerOf = (body: string) => `${header()} ${contentHash(body)}\n`;
  return {
    read(name) {
      try {
        const text = readFileSync(join(folder, `${name}.json`), "utf8");
        const start = text.indexOf("\n") + 1;
        const body = text.slice(start);
        return text.slice(0, start) === headerOf(body) ? JSON.parse(body) : undefined;
      } catch {
        return undefined;
      }
    },
    write(name, content) {
      const body = JSON.stringify(content);
      replaceFile(join(folder, `${name}.json`), [headerOf(body) + body]);
    },
    journal: (name) => openJournal(join(folder, `${name}.jsonl`), `${header()}\n`),
  };
}
