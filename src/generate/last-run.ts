// A run of which nothing has changed since, neither what it read nor what it wrote, need not be made again.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CacheStore } from "../spec/cache/cache-store.js";
import { contentHash } from "../spec/cache/content-hash.js";
import type { LastRun } from "../spec/cache/last-run.js";

import type { Config } from "../spec/model.js";
import { packageFile } from "../spec/package-file.js";
import type { ProjectFiles } from "../spec/project-files.js";
import { manifestFile } from "./files/manifest.js";
import type { PlannedFile } from "./files/plan.js";
import type { FileReport, GenerateReport } from "./generate-report.js";

/** Names of what a project's code is made from. */
export interface InputKeys {
  /** Names all of it. */
  readonly all: string;
  /** Names what the code of one use case is made from, by the file of its spec: the spec, and what all use cases share. */
  readonly each: ReadonlyMap<string, string>;
}

/** Where a run is kept in mind, under the names of what it is made from. */
export interface Memory {
  readonly cache: CacheStore;
  readonly keys: InputKeys;
}

export async function inputKeys({ root, config, files, schema, sources }: ProjectFiles): Promise<InputKeys> {
  const named = (specs: ProjectFiles["files"]) => specs.map(({ file, hash, refusal }) => [file, hash, refusal]);
  const [useCases, others] = [files.filter(({ kind }) => kind === "usecase"), files.filter(({ kind }) => kind !== "usecase")];
  const reading = await schema;
  const tables = "schema" in reading ? reading.schema : reading.failure;
  const templates = [fileURLToPath(packageFile("templates")), ...(config.templates === undefined ? [] : [join(root, config.templates)])];
  const configText = sources.text(config.file ?? "");
  const shared = contentHash(JSON.stringify([config, configText, named(others), tables, templates.map(contentsOf)]));
  return {
    all: contentHash(JSON.stringify([shared, named(useCases)])),
    each: new Map(useCases.map(({ file, hash }) => [file, contentHash(JSON.stringify([shared, file, hash]))])),
  };
}

/** What the last run reported, everything unchanged, if it was made from the same and nothing of what it left has changed. */
export function unchangedSince(last: LastRun | undefined, key: string, root: string, config: Config): GenerateReport | undefined {
  if (last === undefined || last.key !== key || last.beside !== beside(root, config)) return undefined;
  const files: FileReport[] = [];
  for (const [path, kind, hash] of last.files) {
    if (hashOnDisk(join(root, path)) !== hash) return undefined;
    files.push({ path, kind, status: "unchanged", diff: "" });
  }
  return { files, notices: [], stale: false, refused: false, written: false };
}

/** Keeps what a run left, unless a person still has something to do about it. */
export function rememberRun(
  { cache, keys }: Memory,
  run: { readonly root: string; readonly config: Config; readonly planned: readonly PlannedFile[] },
): void {
  const { root, config, planned } = run;
  const files = planned.flatMap(({ path, kind, after }) => (after === undefined ? [] : [[path, kind, contentHash(after)] as const]));
  cache.write("generated", { key: keys.all, beside: beside(root, config), files });
}

/** The manifest and the migrations: written by us and by others, and read for every run. */
function beside(root: string, { migrations }: Config): string {
  const inFolder = namesIn(join(root, migrations)).filter((file) => /\.(?:sql|json)$/.test(file));
  return contentHash(
    JSON.stringify([manifestFile, ...inFolder.map((file) => join(migrations, file))].map((file) => [file, hashOnDisk(join(root, file))])),
  );
}

/** A folder that is not there is another thing than an empty one. */
function contentsOf(folder: string): readonly (readonly [file: string, hash: string | undefined])[] | undefined {
  if (!existsSync(folder)) return undefined;
  return namesIn(folder).map((file) => [file, hashOnDisk(join(folder, file))]);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  } catch {
    return [];
  }
}

/** One after the other: thousands of small files take a fifth of the time that promises take. */
function hashOnDisk(path: string): string | undefined {
  try {
    return contentHash(readFileSync(path));
  } catch {
    return undefined;
  }
}
