import { storableText } from "../codec/storable-text.js";
import { advisoryKey } from "../hash.js";
import type { ErasedLock, ErasedScope } from "../internals.js";
import type { BurstItem, Statement } from "../ports.js";
import { namedStatement } from "../sql/statement.js";

/** The advisory locks of one level. */
export interface LockStatement {
  readonly names: readonly string[];
  readonly statement: Statement;
  /** Undefined where none takes place. */
  bind(scope: ErasedScope): BurstItem | undefined;
}

/**
 * Every lock of a level in one statement, sorted by what Postgres knows of its key, so that two calls never wait for each
 * other's. Held to the end of the transaction. Behind the gate, like all locks: a call that is under way waits for nothing.
 */
export function lockStatement(locks: readonly (readonly [string, ErasedLock])[]): LockStatement | undefined {
  if (locks.length === 0) return undefined;
  return {
    names: locks.map(([name]) => name),
    statement: takeLocks,
    bind(scope) {
      const keys = locks.flatMap(([name, { key, when }]) => (when?.(scope) === false ? [] : [keyOf(name, key(scope))]));
      if (keys.length === 0) return undefined;
      const sorted = [...new Set(keys)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      return [takeLocks, [`{${sorted.join(",")}}`]];
    },
  };
}

const takeLocks = namedStatement(
  "select pg_advisory_xact_lock(k) from unnest($1::bigint[]) k where current_setting('usecase.go', true) = '1'",
);

/** The key alone counts, not who asks: what must not happen twice may be done by several use cases. */
function keyOf(name: string, key: unknown): bigint {
  if (typeof key !== "string" && typeof key !== "number" && typeof key !== "bigint")
    throw new TypeError(`The key of the lock ${name} is ${key === null ? "null" : typeof key}, not a text.`);
  return BigInt(advisoryKey("lock", storableText(String(key))));
}
