import type { ExecuteContext } from "./context.js";
import { callerError } from "./database-failure.js";
import { type Refusal, UseCaseError } from "./errors.js";
import { loadSnapshot } from "./execute-query.js";
import { askEarlyPermissions, checkPolicy } from "./policies.js";
import type { PreparedUseCase, Runtime } from "./runtime.js";
import { takeTransitions } from "./transitions.js";
import { unlessUnprepared, unprepared } from "./unprepared.js";
import { type Call, scopeOf, validateQuestion } from "./validate.js";

export type Can<Failure> = { readonly ok: true } | { readonly ok: false; readonly error: Failure };

/**
 * Validates, loads without locks, and asks policies and transitions. A question calls nobody outside: what a `prepare`
 * function would have to say first is left out.
 */
export async function can(runtime: Runtime, useCase: PreparedUseCase, input: unknown, context: ExecuteContext): Promise<Can<Refusal>> {
  const { definition } = useCase;
  try {
    await ask({ ...validateQuestion(runtime, useCase, input, context), prepare: unprepared(definition) });
    return { ok: true };
  } catch (error) {
    const answer = callerError(definition, error, "not sent", context.signal);
    if (answer instanceof UseCaseError && answer.useCase === definition.name) return { ok: false, error: answer.toJSON() };
    throw answer;
  }
}

async function ask(call: Call): Promise<void> {
  const { useCase } = call;
  const { definition } = useCase;
  await askEarlyPermissions(useCase, scopeOf(call, {}));
  const state = await unlessUnprepared(() => loadSnapshot(call, new Map()));
  if (state === undefined) return;
  const scope = scopeOf(call, state);
  for (const policy of definition.policies) await unlessUnprepared(() => checkPolicy(useCase, policy, scope));
  await unlessUnprepared(async () => takeTransitions(definition, scope));
}
