import { canonicalValue } from "../codec/canonical-value.js";
import { deepFreeze } from "../deep-freeze.js";
import type { Fields } from "../internals.js";
import type { SqlText } from "../ports.js";
import type { AnyRepository } from "../repository.js";
import { type ColumnInfo, columnOf } from "../table-info.js";

/** Where a row came from: what a change of it needs to know. */
export interface RowOrigin {
  readonly repository: AnyRepository;
  /** The values of its primary key. */
  readonly key: Fields;
  /** The key as one text: the row's identity within its table. */
  readonly identity: string;
  readonly locked: boolean;
  /** What its version column said; undefined where the table has none. */
  readonly version?: unknown;
  /** How many updates of the call made it what it is. */
  readonly generation: number;
}

/** Which rows were loaded, and whose they are. Made for one call: a weak map would cost its garbage collection more. */
export type RowOrigins = Map<object, RowOrigin>;

/** One row of an answer, and the statement's columns. */
export interface RawRow {
  readonly texts: readonly SqlText[];
  readonly columns: readonly ColumnInfo[];
  readonly repository: AnyRepository;
  readonly locked: boolean;
}

/** Makes objects of raw rows, with the columns that a load shows: one and the same object for loads that found the same row. */
export type MakeRow = (raw: RawRow, shown: readonly string[] | undefined) => Fields;

export function rowMaker(origins: RowOrigins): MakeRow {
  const made = new Map<string, Fields>();
  return (raw, shown) => {
    const { texts, columns, repository, locked } = raw;
    // By content too: an unlocked row that was read again may have changed meanwhile, and is then another object.
    let sameAs = `${repository.name} ${locked} ${shown === undefined ? "*" : shown.join("\0")}`;
    const all: Record<string, unknown> = {};
    for (const [position, { key, decode }] of columns.entries()) {
      const text = texts[position] ?? null;
      // No text of Postgres holds a NUL.
      sameAs += text === null ? "\0-" : `\0+${text}`;
      all[key] = decode(text);
    }
    const known = made.get(sameAs);
    if (known !== undefined) return known;
    const row = deepFreeze(shown === undefined ? all : Object.fromEntries(shown.map((key) => [key, all[key]])));
    made.set(sameAs, row);
    const origin = originOf(repository, all, locked);
    if (origin !== undefined) origins.set(row, origin);
    return row;
  };
}

/** A row's identity; undefined for rows of a view, which have no key. */
export function originOf(repository: AnyRepository, row: Fields, locked: boolean): RowOrigin | undefined {
  if (repository.key.length === 0) return undefined;
  const key: Record<string, unknown> = {};
  for (const name of repository.key) key[name] = row[name];
  const version = repository.version === undefined ? undefined : row[repository.version];
  return { repository, key, identity: keyIdentity(repository, key), locked, version, generation: 0 };
}

/** A primary key as one text. */
export function keyIdentity(repository: AnyRepository, key: Fields): string {
  const texts = repository.key.map((name) => {
    const { castType, encode } = columnOf(repository, name);
    return canonicalValue(castType, encode(key[name]));
  });
  const [only] = texts;
  return texts.length === 1 && typeof only === "string" ? only : JSON.stringify(texts);
}
