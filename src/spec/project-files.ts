import { readFileSync } from "node:fs";
import { type CacheStore, openCache } from "./cache/cache-store.js";
import { readCachedSchema } from "./cache/cached-schema.js";
import { contentHash } from "./cache/content-hash.js";
import { readConfig } from "./config/read-config.js";
import type { SchemaReading } from "./drizzle-schema.js";
import type { Config } from "./model.js";
import type { ReadSpec } from "./read-spec.js";
import { createSourceMap, type SourceFile, type SourceMap } from "./source-map.js";
import { findSpecFiles } from "./spec-files.js";
import { decodeText, readYaml } from "./yaml/read-yaml.js";
import type { YamlDocument } from "./yaml/yaml-document.js";

export interface LoadOptions {
  /** Absolute; the configuration is looked for here and upwards. */
  readonly cwd: string;
  /** The configuration's path, relative to `cwd`. */
  readonly config?: string;
  /** Unsaved texts by file, relative to the project's root with `/`. */
  readonly overrides?: ReadonlyMap<string, string>;
  /** Whether to keep answers in `.usecase/cache/` and use those of earlier runs. Default: no. */
  readonly cache?: boolean | CacheStore;
}

/** A project's files, read but not looked into. */
export interface ProjectFiles {
  readonly root: string;
  readonly config: Config;
  readonly files: readonly SpecContent[];
  readonly cache: CacheStore | undefined;
  /** The schema runs in a thread of its own while the specs are read. */
  readonly schema: Promise<SchemaReading>;
  readonly sources: SourceMap;
  /** Whether every content is that of the file, and none an unsaved text. */
  readonly onDisk: boolean;
}

export interface SpecContent extends SourceFile {
  readonly kind: ReadSpec["kind"] | undefined;
  /** Why it is not read, where its name is not to blame. */
  readonly refusal?: string;
  readonly hash: string;
  /** Lets go of the document, which is read again should it be asked for: those of a thousand files fill the memory. */
  release(): void;
}

/** @throws ToolError when there is no configuration or it is wrong. */
export async function readProjectFiles({ cwd, config: given, overrides = new Map(), cache: cached }: LoadOptions): Promise<ProjectFiles> {
  const { root, config, document: configDocument } = await readConfig(cwd, given, overrides);
  const cache = typeof cached === "object" ? cached : cached === true ? openCache(root) : undefined;
  const schema = readCachedSchema(root, config, cache);
  // Whoever wants the schema is told; until then something else may have gone wrong first.
  schema.catch(() => {});
  const files = (await findSpecFiles(root, config.specs, overrides.keys())).map(
    ({ file, kind, refusal }): SpecContent => readContent(root, file, kind, overrides.get(file), refusal),
  );
  const sources = createSourceMap([configDocument, ...files.filter(({ kind }) => kind !== undefined)]);
  return { root, config, files, cache, schema, sources, onDisk: overrides.size === 0 };
}

/** A file's content (or an unsaved text in its place), parsed when that is asked for. `refused`: why it is not to be read. */
export function readContent(root: string, file: string, wanted: SpecContent["kind"], override?: string, refused?: string): SpecContent {
  const read = wanted === undefined ? { refusal: refused } : (override ?? bytesOf(root, file));
  const isRefused = typeof read === "object" && "refusal" in read;
  const content = isRefused ? "" : read;
  const refusal = isRefused ? read.refusal : undefined;
  let document: YamlDocument | undefined;
  return {
    file,
    kind: isRefused ? undefined : wanted,
    ...(refusal !== undefined && { refusal }),
    hash: contentHash(content),
    get text() {
      return document?.text ?? decodeText(content);
    },
    get document() {
      document ??= readYaml(file, content);
      return document;
    },
    release() {
      document = undefined;
    },
  };
}

/** Thousands of small files: reading them one after the other takes a fifth of the time that promises take. */
function bytesOf(root: string, file: string): Uint8Array | { readonly refusal: string } {
  try {
    return readFileSync(`${root}/${file}`);
  } catch (error) {
    return { refusal: `It cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}.` };
  }
}
