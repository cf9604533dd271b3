import type { Session, SqlText } from "../ports.js";
import type { Runtime } from "../runtime.js";
import { type VerifyStatements, verifyStatements } from "../sql/seal-audit.js";
import { merkleRoot } from "./merkle-root.js";
import { type AuditHead, type SealContent, sealHash } from "./seal.js";

export interface VerifyOptions {
  /** A head that was kept outside the database: without it nobody can tell whether the last seals were cut off. */
  readonly head?: AuditHead | undefined;
  /** Stop after so many faults; default 1,000. */
  readonly limit?: number | undefined;
}

export interface AuditFault {
  readonly kind: "edited" | "deleted" | "inserted" | "reordered" | "truncated";
  readonly of: "entry" | "seal";
  /** Null for an inserted entry: it is in none. */
  readonly seal: number | null;
  /** The entry's place in its seal, from 1. */
  readonly position: number | null;
  readonly entryId: string | null;
  readonly message: string;
}

export interface AuditVerification {
  readonly intact: boolean;
  readonly seals: number;
  /** Entries in seals. */
  readonly entries: number;
  /** Entries that the next seal will take: nothing is known about them. */
  readonly unsealed: number;
  readonly head: AuditHead | null;
  readonly faults: readonly AuditFault[];
}

interface StoredSeal extends SealContent {
  readonly hash: string;
}

interface StoredEntry {
  readonly id: string;
  /** As it was when it was sealed. */
  readonly hash: string;
  /** As it is; undefined if it has gone. */
  readonly now: string | undefined;
  readonly tx: string;
}

/** Compares every sealed entry with its seal, and every seal with the one before it. */
export async function verify({ driver, names }: Runtime, { head, limit = 1_000 }: VerifyOptions): Promise<AuditVerification> {
  const statements = verifyStatements(names);
  const faults: AuditFault[] = [];
  let last: StoredSeal | undefined;
  let seals = 0;
  let entries = 0;
  while (faults.length < limit) {
    const after = last;
    const next = await driver.session((session) => readSeal(session, statements, after?.number ?? 0));
    if (next === undefined) break;
    faults.push(...sealFaults(next.seal, after, head), ...entryFaults(next.seal, next.entries));
    last = next.seal;
    seals += 1;
    entries += next.entries.length;
  }
  if (head !== undefined && faults.length < limit && head.number > (last?.number ?? 0)) {
    faults.push(sealFault("truncated", (last?.number ?? 0) + 1, `Seals up to ${head.number} were there once and are missing.`));
  }
  const [smuggled, unsealed] = await driver.session((session) =>
    session.burst([
      [statements.smuggled, [String(limit)]],
      [statements.unsealed, []],
    ]),
  );
  for (const [id] of smuggled?.rows ?? []) {
    const message = "The entry is in no seal, although its transaction had ended before the last seal was made.";
    faults.push({ kind: "inserted", of: "entry", seal: null, position: null, entryId: id ?? null, message });
  }
  return {
    intact: faults.length === 0,
    seals,
    entries,
    unsealed: Number(unsealed?.rows[0]?.[0] ?? 0),
    head: last === undefined ? null : { number: last.number, hash: last.hash },
    faults: faults.slice(0, limit),
  };
}

async function readSeal(session: Session, statements: VerifyStatements, after: number) {
  const [sealed, entries] = await session.burst([
    [statements.seal, [String(after)]],
    [statements.entries, [String(after)]],
  ]);
  const row = sealed?.rows[0];
  return row === undefined ? undefined : { seal: storedSeal(row), entries: (entries?.rows ?? []).map(storedEntry) };
}

function storedSeal(row: readonly SqlText[]): StoredSeal {
  const text = (column: number) => row[column] ?? "";
  return {
    number: Number(text(0)),
    at: text(1),
    entries: Number(text(2)),
    root: text(3),
    previous: text(4),
    hash: text(5),
    horizon: text(6),
    running: text(7),
    highest: text(8),
  };
}

function storedEntry([id, hash, now, tx]: readonly SqlText[]): StoredEntry {
  return { id: id ?? "", hash: hash ?? "", now: now ?? undefined, tx: tx ?? "0" };
}

function sealFaults(seal: StoredSeal, before: StoredSeal | undefined, head: AuditHead | undefined): readonly AuditFault[] {
  const faults: AuditFault[] = [];
  const { number } = seal;
  const expected = (before?.number ?? 0) + 1;
  if (number !== expected) {
    const missing = number - expected === 1 ? `Seal ${expected} is missing.` : `Seals ${expected} to ${number - 1} are missing.`;
    faults.push(sealFault("deleted", expected, missing));
  }
  if (sealHash(seal) !== seal.hash) faults.push(ownHashFault(seal));
  else if (number === expected && seal.previous !== (before?.hash ?? "")) {
    const message =
      before === undefined ? "The first seal names one before it." : `Seal ${number} was made after another seal ${before.number}.`;
    faults.push(sealFault("edited", before?.number ?? number, message));
  }
  if (faults.length === 0 && head?.number === number && head.hash !== seal.hash) {
    faults.push(sealFault("edited", number, `Seal ${number}, or one before it, is not the one whose hash was kept.`));
  }
  return faults;
}

/** A seal whose number alone is wrong has changed places. */
function ownHashFault(seal: StoredSeal): AuditFault {
  const { number } = seal;
  const near = Array.from({ length: 2_001 }, (_, index) => number - 1_000 + index);
  const was = near.find((other) => sealHash({ ...seal, number: other }) === seal.hash);
  return was === undefined
    ? sealFault("edited", number, `Seal ${number} does not match its own hash.`)
    : sealFault("reordered", number, `Seal ${was} stands in the place of seal ${number}.`);
}

function entryFaults(seal: StoredSeal, entries: readonly StoredEntry[]): readonly AuditFault[] {
  const { number } = seal;
  const faults = entries.flatMap(({ id, hash, now }, index): AuditFault[] => {
    if (now === hash) return [];
    const place = { of: "entry", seal: number, position: index + 1, entryId: id } as const;
    return now === undefined
      ? [{ ...place, kind: "deleted", message: `Entry ${index + 1} of seal ${number} is missing.` }]
      : [{ ...place, kind: "edited", message: `Entry ${index + 1} of seal ${number} is not what was sealed.` }];
  });
  if (merkleRoot(entries.map(({ hash }) => hash)) === seal.root) return faults;
  const inOrder = entries.toSorted(byTransaction).map(({ hash }) => hash);
  const kind = merkleRoot(inOrder) === seal.root ? "reordered" : "edited";
  const what = kind === "reordered" ? "are not in the order" : "are not those";
  return [...faults, sealFault(kind, number, `The hashes in seal ${number} ${what} that it was made of.`)];
}

function byTransaction(a: StoredEntry, b: StoredEntry): number {
  const difference = BigInt(a.tx) - BigInt(b.tx);
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function sealFault(kind: AuditFault["kind"], seal: number, message: string): AuditFault {
  return { kind, of: "seal", seal, position: null, entryId: null, message };
}
