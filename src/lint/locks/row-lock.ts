/** The strengths of Postgres' row locks. `key share` is taken by foreign keys only. */
export type RowLock = "key share" | "share" | "no key update" | "update";

/** Postgres' own table of which lock waits for which. */
const conflicts: Readonly<Record<RowLock, readonly RowLock[]>> = {
  "key share": ["update"],
  share: ["no key update", "update"],
  "no key update": ["share", "no key update", "update"],
  update: ["key share", "share", "no key update", "update"],
};

/**
 * The locks of others that keep one waiting. Whoever holds the rows already waits only for what the lock held let in:
 * `waitsFor("update", "no key update")` is `key share` alone, and nothing at all waits for a weaker lock.
 */
export function waitsFor(wanted: RowLock, held?: RowLock): readonly RowLock[] {
  if (held === undefined) return conflicts[wanted];
  const excluded = conflicts[held];
  return conflicts[wanted].filter((lock) => !excluded.includes(lock));
}

/** Whether two calls cannot both have it. */
export function excludesItself(lock: string): lock is "no key update" | "update" {
  return lock === "no key update" || lock === "update";
}

/** Whether `a` is stronger than `b`. */
export function isStronger(a: RowLock, b: RowLock): boolean {
  return conflicts[a].length > conflicts[b].length;
}
