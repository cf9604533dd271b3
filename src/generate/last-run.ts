// A run of which nothing has changed since, neither what it read nor what it wrote, need not be made again.
import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { CacheStore } from "../spec/cache/cache-store.js";
import { contentHash } from "../spec/cache/content-hash.js";
import { type FileHashes, openFileHashes } from "../spec/cache/file-hashes.js";
import { baseKey, schemaKey, useCasesKey } from "../spec/cache/input-keys.js";
import type { LastRun } from "../spec/cache/last-run.js";
import type { Config } from "../spec/model.js";
import { packageFile } from "../spec/package-file.js";
import type { ProjectFiles } from "../spec/project-files.js";
import { manifestFile } from "./files/manifest.js";
import type { GenerateReport } from "./generate-report.js";

/** Names of what a project's code is made from. */
export interface InputKeys {
  /** Names all of it. */
  readonly all: string;
  /** Names what all use cases share. */
  readonly shared: string;
  /** Names what the code of one use case is made from, by the file of its spec: what is in that, and what all use cases share. */
  readonly each: ReadonlyMap<string, string>;
}

/** Where a run is kept in mind, under the names of what it is made from. */
export interface Memory {
  readonly cache: CacheStore;
  readonly keys: InputKeys;
  readonly hashes: FileHashes;
}

export async function openMemory(projectFiles: ProjectFiles): Promise<Memory | undefined> {
  const { root, config, files, schema, cache } = projectFiles;
  if (cache === undefined) return undefined;
  const hashes = openFileHashes(root, cache);
  const templates = [relative(root, fileURLToPath(packageFile("templates"))), ...[config.templates ?? []].flat()];
  const contentsOf = (folder: string) =>
    // A folder that is not there is another thing than an empty one.
    existsSync(join(root, folder)) ? namesIn(join(root, folder)).map((file) => [file, hashes.of(`${folder}/${file}`)]) : undefined;
  // Before they are read: should one change in between, what is made of it is kept under a name that nobody asks for.
  const contents = templates.map(contentsOf);
  const shared = contentHash(JSON.stringify([baseKey(projectFiles), schemaKey(await schema), contents]));
  const useCases = files.filter(({ kind }) => kind === "usecase");
  return {
    cache,
    hashes,
    keys: {
      all: contentHash(JSON.stringify([shared, useCasesKey(projectFiles)])),
      shared,
      each: new Map(useCases.map(({ file, hash }) => [file, `${shared} ${hash}`])),
    },
  };
}

/** What the last run reported, everything unchanged, if it was made from the same and nothing of what it left has changed. */
export function unchangedSince(last: LastRun, { keys, hashes }: Memory, config: Config): GenerateReport | undefined {
  if (last.key !== keys.all || last.beside !== beside(hashes, config)) return undefined;
  for (const [path, , hash] of last.files) if (hashes.of(path) !== hash) return undefined;
  hashes.write();
  const files = last.files.map(([path, kind]) => ({ path, kind, status: "unchanged" as const, diff: "" }));
  return { files, notices: [], stale: false, refused: false, written: false };
}

/** Keeps what a run left, unless a person still has something to do about it. */
export function rememberRun({ cache, keys, hashes }: Memory, config: Config, files: LastRun["files"]): void {
  cache.write("generated", { key: keys.all, beside: beside(hashes, config), files });
}

/** The manifest and the migrations: written by us and by others, and read for every run. */
function beside(hashes: FileHashes, { migrations }: Config): string {
  const inFolder = namesIn(join(hashes.root, migrations)).filter((file) => /\.(?:sql|json)$/.test(file));
  const files = [manifestFile, ...inFolder.map((file) => `${migrations}/${file}`)];
  for (const file of files) hashes.forget(file);
  return contentHash(JSON.stringify(files.map((file) => [file, hashes.of(file)])));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  } catch {
    return [];
  }
}
