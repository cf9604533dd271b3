// One transaction of one call. Two bursts where no load depends on another: what begins it with the claim and the
// first loads, and the write statement with the commit.
import { refusedRow } from "./audit.js";
import { storableJson } from "./codec/storable-text.js";
import type { CommitState } from "./database-failure.js";
import type { UseCaseError } from "./errors.js";
import { advisoryKey } from "./hash.js";
import { claimItem, readClaim, type StoredOutcome } from "./idempotency/claim.js";
import type { State } from "./internals.js";
import { type BoundLevel, bindLevel, firstMissing, readLevel } from "./load/load-level.js";
import { type RowOrigins, rowMaker } from "./load/loaded-rows.js";
import type { BurstItem, Session, StatementResult } from "./ports.js";
import { useCaseError } from "./refusal.js";
import { commit, rollback } from "./sql/begin-statement.js";
import { sessionSettings } from "./sql/session-settings.js";
import { namedStatement } from "./sql/statement.js";
import { writeAudit } from "./sql/write-audit.js";
import { writeKey } from "./sql/write-key.js";
import { type WritePart, writeItem } from "./sql/write-part.js";
import { type Call, scopeOf } from "./validate.js";

export interface Transaction {
  /** Begins, claims the key and sends the first loads. The stored outcome, if the key has one. */
  begin(): Promise<StoredOutcome | undefined>;
  /** What the loads gave; throws the error of the first that found too little. */
  load(): Promise<State>;
  readonly origins: RowOrigins;
  /** Sends statements of the handler's own, or what has to be written before them. */
  run(items: readonly BurstItem[]): Promise<readonly StatementResult[]>;
  /** Writes all parts in one statement, after what comes before it, and commits. `keyLocks` are ordering keys that no row lock stands for. */
  write(parts: readonly WritePart[], keyLocks: readonly string[], before: readonly BurstItem[]): Promise<void>;
  /** Records a refusal, and commits. The stored outcome, where another call with this key has committed meanwhile. */
  refuse(error: UseCaseError): Promise<StoredOutcome | undefined>;
  rollback(): Promise<void>;
  /** Whether a commit of the call's own changes is on its way. */
  commitState(): CommitState;
}

export function transaction(session: Session, call: Call): Transaction {
  const { runtime, useCase, key } = call;
  const { definition, levels } = useCase;
  const origins: RowOrigins = new Map();
  const makeRow = rowMaker(origins);
  const state: Record<string, unknown> = {};
  const scope = scopeOf(call, state);
  let begun = false;
  let failed = false;
  let hasRun = false;
  let commitState: CommitState = "not sent";
  let firstLevel: { readonly bound: BoundLevel; readonly results: readonly StatementResult[] } | undefined;

  const burst = async (items: readonly BurstItem[]) => {
    call.context.signal?.throwIfAborted();
    try {
      return await session.burst(items, call.context.signal);
    } catch (error) {
      failed = true;
      throw error;
    }
  };

  /** A cancellation may come too late for what was asked; the handler need not begin then. */
  const ask = async (items: readonly BurstItem[]) => {
    const results = await burst(items);
    call.context.signal?.throwIfAborted();
    return results;
  };

  const open = async (loads: readonly BurstItem[]) => {
    const open: BurstItem = key === undefined ? [useCase.open] : claimItem(useCase.claim, key);
    const opening: BurstItem[] = [[useCase.begin], ...sessionSettings(call), open];
    const results = await ask([...opening, ...loads]);
    begun = true;
    failed = false;
    hasRun = false;
    return { results: results.slice(opening.length), stored: key && readClaim(definition, key, results[opening.length - 1]) };
  };

  const take = (bound: BoundLevel, results: readonly StatementResult[]) => {
    const { state: loaded, missing } = readLevel(bound, results, scope, makeRow);
    Object.assign(state, loaded);
    const refused = firstMissing(definition, missing);
    if (refused !== undefined) throw refused;
  };

  const send = async (parts: readonly WritePart[], before: readonly BurstItem[]) => {
    const results = await burst([...before, writeItem(parts, runtime.names, useCase.statements), [commit]]);
    // A COMMIT after a failed statement succeeds, and says ROLLBACK.
    const { command } = results[results.length - 1] ?? {};
    begun = false;
    if (command !== "COMMIT")
      throw useCaseError(definition, "Unavailable", { outcome: "none" }, new Error(`The commit answered ${command}.`));
  };

  return {
    origins,
    commitState: () => commitState,
    async begin() {
      const [level] = levels;
      const bound = level && bindLevel(level, scope, "transaction");
      const { results, stored } = await open(bound?.items ?? []);
      if (stored !== undefined) return stored;
      firstLevel = bound && { bound, results };
      return undefined;
    },
    async load() {
      if (firstLevel !== undefined) take(firstLevel.bound, firstLevel.results);
      for (const level of levels.slice(1)) {
        const bound = bindLevel(level, scope, "transaction");
        take(bound, bound.items.length === 0 ? [] : await ask(bound.items));
      }
      return state;
    },
    run(items) {
      hasRun = true;
      return burst(items);
    },
    async write(parts, keyLocks, before) {
      commitState = "sent";
      await send(parts, [...(keyLocks.length === 0 ? [] : [lockKeys(call.tenantId, keyLocks)]), ...before]);
    },
    async refuse(error) {
      // Where nothing has been written yet, the refusal's row can end this very transaction, unless it is dead already.
      if (failed || !begun || hasRun) {
        await this.rollback();
        const { stored } = await open([]);
        if (stored !== undefined) return stored;
      }
      commitState = "not sent";
      const id = runtime.newId();
      const parts = [writeAudit(refusedRow(call, id, scope, error), runtime.names)];
      if (key !== undefined) {
        const refusal = definition.idempotency?.refusals === "remember" ? storableJson(error.toJSON()) : undefined;
        parts.push(writeKey({ ...key, outcome: null, auditId: id, refusal }, runtime.names));
      }
      await send(parts, []);
      return undefined;
    },
    async rollback() {
      if (!begun && !failed) return;
      begun = false;
      await session.burst([[rollback]]);
    },
  };
}

export const lockKeysText = "select pg_advisory_xact_lock(k) from unnest($1::bigint[]) k";

/** Sorted, so that two calls never wait for each other's keys. */
function lockKeys(tenantId: string, keys: readonly string[]): BurstItem {
  const locks = [...new Set(keys.map((key) => BigInt(advisoryKey("event", tenantId, key))))].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return [takeKeyLocks, [`{${locks.join(",")}}`]];
}

const takeKeyLocks = namedStatement(lockKeysText);
