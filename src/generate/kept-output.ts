import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contentHash } from "../spec/cache/content-hash.js";
import type { UseCase } from "../spec/model.js";
import type { EmittedFile } from "./files/emitted-file.js";
import { withLineFeeds } from "./files/plan.js";
import type { Memory } from "./last-run.js";

/** What earlier runs have made of each use case. `seen`: the use cases that it is made from. */
export interface KeptOutput {
  /** What the use case makes, if all that it is made from is the same and it is on disk: made again, it would not differ. */
  get(useCase: UseCase, seen: readonly UseCase[]): readonly EmittedFile[] | undefined;
  put(useCase: UseCase, seen: readonly UseCase[], files: readonly EmittedFile[]): void;
  write(): void;
}

/** The hash of a generated file: the user's own are there or not. */
type Kept = Omit<EmittedFile, "text"> & { readonly hash?: string };

/** Hashes are kept, and no texts: those are on disk. */
export function openKeptOutput(root: string, { cache, keys }: Memory): KeptOutput {
  const journal = cache.journal("output");
  const keyOf = (seen: readonly UseCase[]) => contentHash(JSON.stringify(seen.map(({ file }) => keys.each.get(file))));
  const onDisk = ({ hash, ...file }: Kept): readonly EmittedFile[] | undefined => {
    const text = textOf(join(root, file.path));
    if (text === undefined) return file.with !== undefined && existsSync(join(root, file.with)) ? [] : undefined;
    return hash === undefined || contentHash(text) === hash ? [{ ...file, text }] : undefined;
  };
  return {
    get({ file }, seen) {
      const json = journal.get(file, keyOf(seen));
      if (json === undefined) return undefined;
      const found: EmittedFile[] = [];
      for (const file of JSON.parse(json) as readonly Kept[]) {
        const files = onDisk(file);
        if (files === undefined) return undefined;
        found.push(...files);
      }
      return found;
    },
    put({ file }, seen, files) {
      const kept = files.map(({ text, ...each }): Kept => (each.kind === "generated" ? { ...each, hash: contentHash(text) } : each));
      journal.put(file, keyOf(seen), JSON.stringify(kept));
    },
    write: () => journal.write(new Set(keys.each.keys())),
  };
}

/** One after the other: thousands of small files take a fifth of the time that promises take. */
function textOf(path: string): string | undefined {
  try {
    return withLineFeeds(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}
