import type { CacheStore } from "../spec/cache/cache-store.js";
import { contentHash } from "../spec/cache/content-hash.js";
import { schemaKey } from "../spec/cache/input-keys.js";
import type { SchemaReading } from "../spec/drizzle-schema.js";
import { kebabCase } from "../spec/names.js";
import type { SpecContent } from "../spec/project-files.js";
import type { CheckedUseCase } from "./checked-use-case.js";
import type { OutsideFiles } from "./surroundings.js";

/** What earlier runs have found in each use case. */
export interface KeptChecks {
  /**
   * What was found when all that it follows from was the same. For a use case that events start, `senders` are the
   * files of those that send them; without these its findings are not known yet.
   */
  get(content: SpecContent, senders?: readonly SpecContent[]): CheckedUseCase | undefined;
  put(content: SpecContent, checked: CheckedUseCase, senders?: readonly SpecContent[]): void;
  write(specs: readonly SpecContent[]): void;
}

interface Kept {
  readonly checked: CheckedUseCase;
  /** The content of its handler. */
  readonly handler: string | undefined;
  readonly senders: string | undefined;
}

/** `baseKey` names the configuration, shared files and machines. */
export function openKeptChecks(cache: CacheStore | undefined, baseKey: string, schema: SchemaReading, outside: OutsideFiles): KeptChecks {
  if (cache === undefined) return { get: () => undefined, put() {}, write() {} };
  const journal = cache.journal("checks");
  const common = contentHash(JSON.stringify([baseKey, schemaKey(schema), [...outside.migrations]]));
  const keyOf = ({ hash }: SpecContent) => `${common} ${hash}`;
  const handlerOf = ({ name }: CheckedUseCase) => outside.handlers.get(kebabCase(name ?? ""));
  const sendersKey = (senders: readonly SpecContent[] | undefined) =>
    senders && contentHash(JSON.stringify(senders.map(({ file, hash }) => [file, hash])));
  return {
    get(content, senders) {
      const json = journal.get(content.file, keyOf(content));
      if (json === undefined) return undefined;
      const { checked, handler, senders: sent } = JSON.parse(json) as Kept;
      if (handler !== handlerOf(checked)) return undefined;
      if (senders !== undefined && sent !== sendersKey(senders)) return undefined;
      return checked;
    },
    put(content, checked, senders) {
      const kept: Kept = { checked, handler: handlerOf(checked), senders: sendersKey(senders) };
      journal.put(content.file, keyOf(content), JSON.stringify(kept));
    },
    write: (specs) => journal.write(new Set(specs.map(({ file }) => file))),
  };
}
