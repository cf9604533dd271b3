import type { Definition, ErasedHandler, ErasedPolicy, ErasedScope } from "./internals.js";
import type { Authorizer } from "./ports.js";
import { refusal } from "./refusal.js";
import { withoutSecrets } from "./secret-fields.js";

/** Who answers the policies of one call. */
export interface PolicyContext {
  readonly definition: Definition;
  readonly handler: ErasedHandler;
  readonly authorizer: Authorizer | undefined;
}

type Permission = Extract<ErasedPolicy, { permission: string }>;

/**
 * The permissions that need no row: a caller without them can lock nothing. One with a `when` is asked later, because
 * its condition may read rows.
 */
export function isEarly(policy: ErasedPolicy): boolean {
  return "permission" in policy && policy.resource === undefined && policy.when === undefined;
}

/** Throws a refusal unless the actor has every permission that can be asked before anything is loaded. */
export async function askEarlyPermissions(context: PolicyContext, scope: Omit<ErasedScope, "state">): Promise<void> {
  for (const policy of context.definition.policies) {
    if ("permission" in policy && isEarly(policy)) await askPermission(context, policy, { ...scope, state: {} });
  }
}

/** All other policies in the order of the spec; the first that fails decides. */
export async function checkPolicies(context: PolicyContext, scope: ErasedScope): Promise<void> {
  for (const policy of context.definition.policies) {
    const asked = checkPolicy(context, policy, scope);
    if (asked !== undefined) await asked;
  }
}

/** One of the policies that are not asked early; throws its refusal. Only a permission has to be waited for. */
export function checkPolicy(context: PolicyContext, policy: ErasedPolicy, scope: ErasedScope): Promise<void> | undefined {
  if (policy.when?.(scope) === false) return undefined;
  if ("permission" in policy) return isEarly(policy) ? undefined : askPermission(context, policy, scope);
  if ("check" in policy) runCheck(context, policy, scope);
  else if (policy.rule(scope) !== true) {
    throw policyRefusal(context.definition, policy.error, policy.source, policy.details?.(scope));
  }
  return undefined;
}

/** A core without authorizer cannot answer permissions, and silence must not mean yes. */
export function requireAuthorizer({ definition, authorizer }: PolicyContext): void {
  const asked = definition.policies.find((policy) => "permission" in policy);
  if (asked !== undefined && "permission" in asked && authorizer === undefined) {
    throw new Error(`${definition.name} asks for the permission "${asked.permission}": give createUseCaseCore an authorizer.`);
  }
}

async function askPermission({ definition, authorizer }: PolicyContext, policy: Permission, scope: ErasedScope): Promise<void> {
  const { permission, resource } = policy;
  const request = { permission, actor: scope.actor, useCase: definition.name, ...(resource && { resource: resource(scope) }) };
  if ((await authorizer?.authorize(request)) === true) return;
  const code = policy.error ?? "Forbidden";
  throw refusal(definition, code, code === "Forbidden" ? { permission } : undefined);
}

function runCheck({ definition, handler }: PolicyContext, policy: Extract<ErasedPolicy, { check: string }>, scope: ErasedScope): void {
  const check = handler.checks?.[policy.check];
  if (check === undefined) throw new Error(`${definition.name}: the handler has no check "${policy.check}".`);
  const verdict = check(scope);
  if (verdict === true) return;
  if (verdict === false) throw policyRefusal(definition, policy.error, policy.check, undefined);
  if (typeof verdict === "object" && verdict !== null && "details" in verdict) {
    const details = withoutSecrets(verdict.details, scope.command, definition.secretFields ?? []);
    throw policyRefusal(definition, policy.error, policy.check, details);
  }
  throw new TypeError(`${definition.name}: the check "${policy.check}" must return true, false or { details }.`);
}

function policyRefusal(definition: Definition, error: string | undefined, policy: string, details: unknown): Error {
  const code = error ?? "PolicyViolation";
  return refusal(definition, code, code === "PolicyViolation" ? { policy } : details);
}
