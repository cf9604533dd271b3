import type { ExecuteContext } from "./context.js";
import { callerError } from "./database-failure.js";
import { type Refusal, UseCaseError } from "./errors.js";
import { loadSnapshot } from "./execute-query.js";
import { askEarlyPermissions, checkPolicies } from "./policies.js";
import type { PreparedUseCase, Runtime } from "./runtime.js";
import { takeTransitions } from "./transitions.js";
import { scopeOf, validateQuestion } from "./validate.js";

export type Can<Failure> = { readonly ok: true } | { readonly ok: false; readonly error: Failure };

/** Validates, loads without locks, and asks policies and transitions. */
export async function can(runtime: Runtime, useCase: PreparedUseCase, input: unknown, context: ExecuteContext): Promise<Can<Refusal>> {
  const { definition } = useCase;
  try {
    const call = validateQuestion(runtime, useCase, input, context);
    await askEarlyPermissions(useCase, scopeOf(call, {}));
    const scope = scopeOf(call, await loadSnapshot(call, new WeakMap()));
    await checkPolicies(useCase, scope);
    takeTransitions(definition, scope);
    return { ok: true };
  } catch (error) {
    const answer = callerError(definition, error, "not sent");
    if (answer instanceof UseCaseError && answer.useCase === definition.name) return { ok: false, error: answer.toJSON() };
    throw answer;
  }
}
