import { type CommitState, callerError, constraintRefusal, retryReason } from "./database-failure.js";
import type { StoredOutcome } from "./idempotency/claim.js";
import { lentSession } from "./lent-session.js";
import { isRefusal } from "./refusal.js";
import { retryWhole } from "./retry.js";
import { type Transaction, transaction } from "./transaction.js";
import type { Call } from "./validate.js";

/**
 * Runs the steps in a transaction, and as a whole again where somebody else was faster. A refusal is recorded before it
 * is thrown; `replay` makes the answer where another call with the same key has committed meanwhile.
 */
export async function inTransaction<Answer>(
  call: Call,
  replay: (stored: StoredOutcome, attempts: number) => Answer,
  steps: (tx: Transaction, attempts: number) => Promise<Answer>,
): Promise<Answer> {
  const { runtime, useCase, context } = call;
  const { definition } = useCase;
  let commitState: CommitState = "not sent";
  const policy = { retries: definition.transaction.retries, signal: context.signal, reason: retryReason };
  try {
    return await retryWhole(policy, (attempts) => {
      commitState = "not sent";
      return lentSession(runtime.driver, context.signal, async (session) => {
        const tx = transaction(session, call);
        try {
          return await steps(tx, attempts);
        } catch (error) {
          const refused = isRefusal(definition, error) ? error : constraintRefusal(definition, error);
          if (refused === undefined) {
            commitState = tx.commitState();
            // That a dead connection cannot roll back either is nothing new. Who has given up does not wait for it: the session ends it.
            if (context.signal?.aborted !== true) await tx.rollback().catch(() => {});
            throw error;
          }
          const stored = await tx.refuse(refused);
          if (stored !== undefined) return replay(stored, attempts);
          throw refused;
        }
      });
    });
  } catch (error) {
    throw callerError(definition, error, commitState, context.signal);
  }
}
