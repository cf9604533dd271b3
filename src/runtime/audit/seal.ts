import { arrayText } from "../codec/array-text.js";
import { advisoryKey, sha256 } from "../hash.js";
import type { Session, SqlText } from "../ports.js";
import type { Runtime } from "../runtime.js";
import { commit } from "../sql/begin-statement.js";
import { type SealStatements, sealStatements } from "../sql/seal-audit.js";
import { merkleRoot } from "./merkle-root.js";

/** What a seal says, all of which its hash covers. Numbers of transactions are texts: they may outgrow a double. */
export interface SealContent {
  readonly number: number;
  /** Of the seal before; empty for the first. */
  readonly previous: string;
  readonly root: string;
  readonly entries: number;
  readonly horizon: string;
  /** As Postgres writes an array. */
  readonly running: string;
  readonly highest: string;
  /** ISO 8601, in microseconds, UTC. */
  readonly at: string;
}

/** The last seal: whoever has its hash can tell later whether anything up to it has changed. */
export interface AuditHead {
  readonly number: number;
  /** SHA-256, hexadecimal. */
  readonly hash: string;
}

export interface Sealed {
  /** How many entries this call has sealed. */
  readonly entries: number;
  /** Null while nothing has ever been sealed. */
  readonly head: AuditHead | null;
}

export const sealBatch = 5_000;

/** The number in front is the format's: should it ever change, old seals stay what they are. */
export function sealHash({ number, previous, root, entries, horizon, running, highest, at }: SealContent): string {
  return sha256(JSON.stringify(["usecase-audit-seal-1", number, previous, root, entries, horizon, running, highest, at]));
}

/** Seals what has been committed and is not sealed yet, in batches; calls at the same time wait for each other. */
export async function seal({ driver, names }: Pick<Runtime, "driver" | "names">, batch = sealBatch): Promise<Sealed> {
  const statements = sealStatements(names);
  const lock = advisoryKey("audit seal", names.auditSeal);
  let entries = 0;
  for (;;) {
    const { count, head } = await driver.session((session) => sealOnce(session, statements, lock, batch));
    entries += count;
    if (count < batch) return { entries, head };
  }
}

async function sealOnce(session: Session, statements: SealStatements, lock: string, batch: number) {
  const [, , last] = await session.burst([[statements.begin], [statements.lock, [lock]], [statements.last, []]]);
  const [lastNumber, lastHash, from] = last?.rows[0] ?? [];
  const [found] = await session.burst([[statements.unsealed(from ?? "0", batch)]]);
  const rows = found?.rows ?? [];
  const [, , , end, running, at] = rows[0] ?? [];
  if (end == null || running == null || at == null) {
    await session.burst([[commit]]);
    return { count: 0, head: lastHash == null ? null : { number: Number(lastNumber), hash: lastHash } };
  }
  const column = (index: number) => rows.map((row) => row[index] ?? "");
  const [ids, transactions, hashes] = [column(0), column(1), column(2)];
  const highest = transactions.at(-1) ?? end;
  // What a full batch leaves over comes next, and begins with the transaction that this one ends with.
  const horizon = rows.length < batch ? end : highest;
  const content: SealContent = {
    number: Number(lastNumber ?? 0) + 1,
    previous: lastHash ?? "",
    root: merkleRoot(hashes),
    entries: rows.length,
    horizon,
    running: earlier(running, horizon),
    highest,
    at,
  };
  const { number, previous, root } = content;
  const hash = sealHash(content);
  const covered = [horizon, content.running, highest];
  const values: SqlText[] = [String(number), at, arrayText(ids), arrayText(hashes), root, previous, hash, ...covered];
  await session.burst([[statements.insert, values], [commit]]);
  return { count: rows.length, head: { number, hash } };
}

/** Those of the transactions that come before the horizon, as Postgres writes them. */
function earlier(transactions: string, horizon: string): string {
  const numbers = transactions.slice(1, -1).split(",");
  return `{${numbers.filter((number) => number !== "" && BigInt(number) < BigInt(horizon)).join(",")}}`;
}
