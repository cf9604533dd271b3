import { callerError, staleReason } from "../database-failure.js";
import { burstAlone } from "../lent-session.js";
import type { BurstItem } from "../ports.js";
import { retryWhole } from "../retry.js";
import { commit } from "../sql/begin-statement.js";
import { sessionSettings } from "../sql/session-settings.js";
import type { Call } from "../validate.js";
import { claimItem, readClaim, type StoredOutcome } from "./claim.js";

/**
 * The outcome that the call's key has already; throws what a claim throws. The key is not held: two calls may both find
 * nothing here, and which of them takes effect is decided in the transaction.
 */
export async function storedOutcome(call: Call): Promise<StoredOutcome | undefined> {
  const { key, runtime, context, useCase } = call;
  if (key === undefined) return undefined;
  const { definition } = useCase;
  const items: readonly BurstItem[] = [[useCase.begin], ...sessionSettings(call), claimItem(useCase.claim, key), [commit]];
  const policy = { retries: 0, signal: context.signal, reason: staleReason };
  const look = () => burstAlone(runtime.driver, context.signal, items);
  const results = await retryWhole(policy, look).catch((error) => {
    throw callerError(definition, error, "not sent", context.signal);
  });
  return readClaim(definition, key, results[results.length - 2]);
}
