import { join } from "node:path";
import type { Config } from "../../spec/model.js";
import { ToolError } from "../../spec/tool-error.js";
import type { EmittedFile } from "../files/emitted-file.js";
import { type FileHashes, hashOf, type Manifest } from "../files/manifest.js";
import { contentOf, withLineFeeds } from "../files/plan.js";
import { runFormatter } from "./run-formatter.js";

export interface Formatted {
  readonly files: readonly EmittedFile[];
  /** What each formatted file was made of, for the manifest, by path. */
  readonly unformatted: FileHashes;
  /** Why the files are as they were before formatting. */
  readonly failure?: ToolError;
}

/** Names what a file is before it is formatted, and how it is. */
export const unformattedHash = (format: readonly string[], text: string): string => hashOf(JSON.stringify([format, text]));

/**
 * Lays out what emitters made with the formatter of the project, if `format` in the configuration names one. What was
 * formatted by an earlier run, and is on disk as that run left it, is not formatted again.
 */
export async function formatFiles(
  root: string,
  { out, format }: Config,
  emitted: readonly EmittedFile[],
  manifest: Manifest,
): Promise<Formatted> {
  if (format === undefined) return { files: emitted, unformatted: new Map() };
  const unformatted = new Map<string, string>();
  const open = new Map<string, string>();
  const settled = emitted.map((file): EmittedFile => {
    const { path, text, kind } = file;
    const onDisk = contentOf(join(root, path));
    const before = onDisk && withLineFeeds(onDisk);
    if (kind === "scaffold") {
      if (before === undefined) open.set(path, text);
      return file;
    }
    const hash = unformattedHash(format, text);
    unformatted.set(path, hash);
    const isKnown = manifest.unformatted.get(path) === hash && before !== undefined && manifest.files.get(path) === hashOf(before);
    if (isKnown) return { ...file, text: before };
    open.set(path, text);
    return file;
  });
  if (open.size === 0) return { files: settled, unformatted };
  try {
    const formatted = await runFormatter({ root, out, format }, open);
    return { files: settled.map((file) => ({ ...file, text: formatted.get(file.path) ?? file.text })), unformatted };
  } catch (failure) {
    if (!(failure instanceof ToolError)) throw failure;
    for (const path of open.keys()) unformatted.delete(path);
    return { files: settled, unformatted, failure };
  }
}
