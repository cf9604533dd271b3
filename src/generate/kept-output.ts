import { contentHash } from "../spec/cache/content-hash.js";
import type { KeptFile } from "./files/emitted-file.js";
import type { FileHashes as ManifestHashes } from "./files/manifest.js";
import type { Memory } from "./last-run.js";
import type { UseCaseFacts } from "./use-case-facts.js";
import type { UseCaseSource } from "./use-case-source.js";

type Facts = ReadonlyMap<string, UseCaseFacts>;

/** What earlier runs have made. `seen`: the use cases that one is made from. */
export interface KeptOutput {
  /** Of the use case in this spec, as long as nothing has changed that they follow from. */
  facts(spec: string): UseCaseFacts | undefined;
  /** What it makes, if all that this is made from is the same and it is on disk: made again, it would not differ. */
  ofUseCase(spec: string, seen: readonly UseCaseSource[]): readonly KeptFile[] | undefined;
  /** The same of what all use cases make together. */
  ofAll(facts: Facts): readonly KeptFile[] | undefined;
  putUseCase(spec: string, seen: readonly UseCaseSource[], facts: UseCaseFacts, files: readonly WrittenFile[]): void;
  putAll(facts: Facts, files: readonly WrittenFile[]): void;
  write(): void;
}

/** With the hash of what is on disk; of the user's own files it is known that they are there, or were. */
export type WrittenFile = KeptFile & { readonly hash?: string };

interface Kept {
  readonly facts?: UseCaseFacts;
  /** Names the use cases that it was made from. */
  readonly from: string;
  readonly files: readonly WrittenFile[];
}

/** The entry of what all use cases make: no spec is called so. */
const all = "*";

/**
 * Hashes are kept, and no texts: those are on disk.
 * @param manifest what is not in it has to be made again, so that it gets there
 */
export function openKeptOutput({ cache, keys, hashes }: Memory, manifest: ManifestHashes): KeptOutput {
  const journal = cache.journal("output");
  const parsed = new Map<string, Kept | undefined>();
  const keptOf = (name: string, key: string | undefined): Kept | undefined => {
    if (!parsed.has(name)) {
      const json = key === undefined ? undefined : journal.get(name, key);
      parsed.set(name, json === undefined ? undefined : (JSON.parse(json) as Kept));
    }
    return parsed.get(name);
  };
  const isThere = (path: string) => hashes.of(path) !== undefined;
  const onDisk = (kept: Kept | undefined, from: string): readonly KeptFile[] | undefined => {
    if (kept?.from !== from) return undefined;
    const found: KeptFile[] = [];
    for (const { hash, ...file } of kept.files) {
      if (hash !== undefined) {
        if (!manifest.has(file.path) || hashes.of(file.path) !== hash) return undefined;
        found.push(file);
      } else if (isThere(file.path)) found.push(file);
      else if (file.with === undefined || !isThere(file.with)) return undefined;
    }
    return found;
  };
  const put = (name: string, key: string | undefined, kept: Kept) => {
    if (key !== undefined) journal.put(name, key, JSON.stringify(kept));
  };
  const fromAll = (facts: Facts) => contentHash(JSON.stringify([...facts]));
  const fromSeen = (seen: readonly UseCaseSource[]) => contentHash(JSON.stringify(seen.map(({ file }) => [file, keys.each.get(file)])));
  return {
    facts: (spec) => keptOf(spec, keys.each.get(spec))?.facts,
    ofUseCase: (spec, seen) => onDisk(keptOf(spec, keys.each.get(spec)), fromSeen(seen)),
    ofAll: (facts) => onDisk(keptOf(all, keys.shared), fromAll(facts)),
    putUseCase: (spec, seen, facts, files) => put(spec, keys.each.get(spec), { facts, from: fromSeen(seen), files }),
    putAll: (facts, files) => put(all, keys.shared, { from: fromAll(facts), files }),
    write: () => journal.write(new Set([...keys.each.keys(), all])),
  };
}
