import type { RowChange } from "./row-change.js";

/**
 * The change with what the version convention adds. Every change of a row raises its version, also one under a lock:
 * somebody who has read the row without a lock must notice. Who has read it so changes it only if its version is still
 * the same.
 */
export function withVersion(change: RowChange): RowChange {
  const { repository, operation, values, increments, guards, version, locked } = change;
  const column = repository.version;
  if (column === undefined || operation === "insert" || operation === "upsert") return change;
  const guarded = version === undefined || locked ? guards : { ...guards, [column]: version };
  if (operation === "delete") return { ...change, guards: guarded };
  if (Object.keys(values).length === 0 && Object.keys(increments).length === 0) return change;
  return version === undefined
    ? { ...change, increments: { ...increments, [column]: 1 } }
    : { ...change, guards: guarded, values: { ...values, [column]: nextVersion(version) } };
}

export function nextVersion(version: unknown): number | bigint {
  if (typeof version === "bigint") return version + 1n;
  if (typeof version === "number") return version + 1;
  throw new TypeError(`A version is ${version === null ? "null" : typeof version}, not a whole number.`);
}
