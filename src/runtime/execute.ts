import { apply } from "./apply.js";
import type { ExecuteContext } from "./context.js";
import { databaseFor } from "./handler-database.js";
import type { StoredOutcome } from "./idempotency/claim.js";
import { storedOutcome } from "./idempotency/stored-outcome.js";
import { inTransaction } from "./in-transaction.js";
import type { Fields } from "./internals.js";
import { boundLogger } from "./logger.js";
import { askEarlyPermissions, checkPolicies } from "./policies.js";
import { prepareCall } from "./prepare-call.js";
import { recordRefusal } from "./record-refusal.js";
import type { PreparedUseCase, Runtime } from "./runtime.js";
import { takeTransitions } from "./transitions.js";
import { type Call, scopeOf, validate } from "./validate.js";
import type { Watch } from "./watch.js";
import { earlyWrites, writeDecision } from "./write-decision.js";

/** What a successful call gives. */
export interface Executed<Result> {
  readonly result: Result;
  /** The result is that of an earlier call with the same key; nothing was done. */
  readonly replayed: boolean;
  /** The row in the audit; null for a query that is not audited. */
  readonly auditId: string | null;
  /** How often the transaction was run. */
  readonly attempts: number;
}

/** Runs one call of a use case that changes something: the nine steps, in this order. */
export async function execute(
  runtime: Runtime,
  useCase: PreparedUseCase,
  input: unknown,
  context: ExecuteContext,
  { stage, attempt }: Watch,
): Promise<Executed<Fields>> {
  // 1. Validate the command.
  const valid = stage("validate", () => validate(runtime, useCase, input, context));

  // 2. Ask the permissions that need no row, before any row is touched.
  try {
    await stage("permissions", () => askEarlyPermissions(useCase, scopeOf(valid, {})));
  } catch (error) {
    await recordRefusal(valid, error);
  }

  // What the spec calls outside comes before the transaction, unless there is an outcome already.
  const before = useCase.definition.prepare === undefined ? { call: valid } : await prepared(valid, stage);
  if ("stored" in before) return replay(before.stored, 0);
  const { call } = before;

  return inTransaction(call, replay, async (tx, attempts) => {
    // 3. Begin the transaction and claim the idempotency key: a stored outcome is the answer.
    attempt(attempts);
    const stored = await stage("begin", () => tx.begin());
    if (stored !== undefined) return replay(stored, attempts);

    // 4. Load the state, locked in the global order.
    const scope = scopeOf(call, await stage("load", () => tx.load()));

    // 5. Check the policies, then the transitions.
    await stage("policies", () => checkPolicies(useCase, scope));
    const transitions = stage("transitions", () => takeTransitions(useCase.definition, scope));

    // 6. Apply: the handler decides and queues its changes.
    const { newId, services } = runtime;
    const early = earlyWrites(call, tx);
    const database = databaseFor(useCase.definition, tx, (queue) => early.write(queue.flush(), scope));
    const applying = { useCase, origins: tx.origins, tenant: call.tenant, services, newId, log: boundLogger(call), database };
    const decision = await stage("apply", () => apply(applying, scope, transitions));

    // 7. Write changes and transitions, audit, events, jobs and the outcome in one statement.
    // 8. Commit, in the same burst.
    const auditId = await stage("write", () => writeDecision(call, tx, decision, early));

    // 9. The typed result.
    return { result: decision.result, replayed: false, auditId, attempts };
  });
}

async function prepared(call: Call, stage: Watch["stage"]): Promise<{ readonly call: Call } | { readonly stored: StoredOutcome }> {
  return stage("prepare", async () => {
    const stored = await storedOutcome(call);
    if (stored !== undefined) return { stored };
    return { call: await prepareCall(call).catch((error) => recordRefusal(call, error)) };
  });
}

function replay({ result, auditId }: StoredOutcome, attempts: number): Executed<Fields> {
  return { result, replayed: true, auditId, attempts };
}
