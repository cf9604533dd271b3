import { readFileSync } from "node:fs";
import { ToolError } from "../../spec/tool-error.js";
import { unifiedDiff } from "./diff.js";
import type { EmittedFile, KeptFile } from "./emitted-file.js";
import { type FileHashes, hashOf } from "./manifest.js";
import { ownPlace, type SeenFolders, safePlace } from "./safe-path.js";

/**
 *   create     it is not on disk
 *   update     it is on disk as we wrote it, and what we would write now differs
 *   unchanged  it is on disk as we would write it (or it is the user's own, and there)
 *   edited     it is on disk with changes by hand (or was never ours), and what we would write differs: refused
 *   orphan     it is ours and unchanged, and nothing makes it any more
 *   left       it is ours and unchanged, in a folder that was `out` before: removed
 *   abandoned  nothing makes it any more, and it has changes by hand: kept
 *   move       it is the user's own, and was elsewhere: its use case has been renamed
 *   extend     it is the user's own, and what its spec asks for now is put into it
 */
export type FileStatus = "create" | "update" | "unchanged" | "edited" | "orphan" | "left" | "abandoned" | "extend" | "move";

/** What would happen to one file. */
export interface PlannedFile {
  /** Relative to the project's root, with `/`. */
  readonly path: string;
  /** Absolute. */
  readonly target: string;
  readonly kind: "generated" | "scaffold";
  readonly status: FileStatus;
  readonly before: string | undefined;
  /** Undefined for what nothing makes any more. */
  readonly after: string | undefined;
  /** It is as it would be made, and was not read. */
  readonly isKept?: true;
  /** What is put into a file of the user: `checks.withinHours`, `result.count`. */
  readonly added?: readonly string[];
  /** Where it was. */
  readonly from?: { readonly path: string; readonly target: string; readonly before: string };
}

/**
 * Compares what emitters made with what is on disk; nothing is written. Sorted by path. One file after the other:
 * promises for thousands of small files take five times as long.
 */
export async function planFiles(options: {
  readonly root: string;
  /** The folder that no path leaves, relative to the root. */
  readonly folder: string;
  readonly emitted: readonly EmittedFile[];
  readonly kept?: readonly KeptFile[];
  readonly manifest: FileHashes;
}): Promise<readonly PlannedFile[]> {
  const { root, folder, emitted, kept = [], manifest } = options;
  const paths = new Set<string>();
  for (const { path } of [...emitted, ...kept]) {
    // Two names that differ in case alone are one file on many disks.
    const name = path.toLowerCase();
    if (paths.has(name)) throw new ToolError("internal", `Two emitters make ${path}.`);
    paths.add(name);
  }

  const folders: SeenFolders = new Map();
  const planned: PlannedFile[] = kept.map(({ path, kind }) => {
    return { path, target: `${root}/${path}`, kind, status: "unchanged", before: undefined, after: undefined, isKept: true };
  });
  for (const file of emitted) {
    const { path, text, kind, with: companion } = file;
    const { target, exists } = safePlace(root, folder, path, folders);
    const before = exists ? contentOf(target) : undefined;
    const shared = { path, target, kind, before };
    if (before === undefined) {
      const unwanted = companion !== undefined && safePlace(root, folder, companion, folders).exists;
      if (!unwanted) planned.push({ ...shared, status: "create", after: text });
    } else if (kind === "scaffold") planned.push({ ...shared, status: "unchanged", after: before });
    else if (withLineFeeds(before) === text) planned.push({ ...shared, status: "unchanged", after: before });
    else planned.push({ ...shared, status: manifest.get(path) === hashOf(withLineFeeds(before)) ? "update" : "edited", after: text });
  }
  for (const [path, hash] of manifest) {
    if (paths.has(path.toLowerCase())) continue;
    const { target, exists } = ownPlace(root, path, folders);
    const before = exists ? contentOf(target) : undefined;
    if (before === undefined) continue;
    const unwanted = path.startsWith(`${folder}/`) ? "orphan" : "left";
    const status = hashOf(withLineFeeds(before)) === hash ? unwanted : "abandoned";
    planned.push({ path, target, kind: "generated", before, after: undefined, status });
  }
  return planned.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A planned file's change as a unified diff; empty where nothing changes. */
export function diffOf({ path, before, after, from }: PlannedFile): string {
  return unifiedDiff(path, from?.before ?? before, after);
}

/** A checkout on Windows may have turned line feeds into pairs: that is no change by hand. */
export function withLineFeeds(text: string): string {
  return text.replaceAll("\r\n", "\n");
}

/** Of a file on disk; undefined where there is none. Throws a ToolError where it cannot be read. */
export function contentOf(target: string): string | undefined {
  try {
    return readFileSync(target, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
    const reason = error instanceof Error ? ` ${error.message}.` : "";
    throw new ToolError("files/unreadable", `${target} cannot be read.${reason}`, { cause: error });
  }
}
