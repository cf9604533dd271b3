import type { ExecuteContext } from "./context.js";
import { deepFreeze } from "./deep-freeze.js";
import type { Violation } from "./errors.js";
import type { ClaimedKey } from "./idempotency/claim.js";
import { keyOfCall } from "./idempotency/key-of-call.js";
import type { Definition, ErasedScope, Fields, State } from "./internals.js";
import { useCaseError } from "./refusal.js";
import type { PreparedUseCase, Runtime } from "./runtime.js";

/** One call of a use case whose command is valid. */
export interface Call {
  readonly runtime: Runtime;
  readonly useCase: PreparedUseCase;
  readonly command: Fields;
  readonly context: ExecuteContext;
  /** Read once. */
  readonly now: Date;
  /** Empty for an actor without tenant. */
  readonly tenantId: string;
  /** The tenant that the convention fills in; undefined where it does not apply. */
  readonly tenant: string | undefined;
  /** Undefined where the use case has no idempotency. */
  readonly key: ClaimedKey | undefined;
  /** What the spec's `prepare` functions returned; undefined before they have, and where there are none. */
  readonly prepare: Fields | undefined;
}

/** Checks command, reason and key; throws ValidationFailed, ReasonRequired or IdempotencyKeyRequired. */
export function validate(runtime: Runtime, useCase: PreparedUseCase, input: unknown, context: ExecuteContext): Call {
  const { definition } = useCase;
  const command = validCommand(definition, input);
  if (definition.audit?.reason === "required" && !context.reason?.trim()) throw useCaseError(definition, "ReasonRequired");
  const tenantId = tenantOf(definition, context);
  return {
    runtime,
    useCase,
    command,
    context,
    now: runtime.clock(),
    tenantId,
    tenant: definition.tenant && tenantId,
    key: keyOfCall(definition, command, context, tenantId, runtime.secretKey),
    prepare: undefined,
  };
}

/** The same for a call that only asks: neither reason nor key is needed. */
export function validateQuestion(runtime: Runtime, useCase: PreparedUseCase, input: unknown, context: ExecuteContext): Call {
  const { definition } = useCase;
  const command = validCommand(definition, input);
  const tenantId = tenantOf(definition, context);
  const tenant = definition.tenant && tenantId;
  return { runtime, useCase, command, context, now: runtime.clock(), tenantId, tenant, key: undefined, prepare: undefined };
}

/** What policies and computed values see. */
export function scopeOf(call: Pick<Call, "command" | "context" | "now" | "prepare">, state: State): ErasedScope {
  // The one place where loaded rows enter the typed scope: what a load gives is what its generated type says.
  return { command: call.command, actor: call.context.actor, now: call.now, prepare: call.prepare, state } as ErasedScope;
}

/** The command, validated and frozen; throws ValidationFailed. */
export function validCommand(definition: Definition, input: unknown): Fields {
  const outcome = definition.command["~standard"].validate(input);
  if (outcome.issues === undefined) return deepFreeze(outcome.value);
  const violations = outcome.issues.map(({ path, message }): Violation => ({ path: jsonPointer(path ?? []), message }));
  throw useCaseError(definition, "ValidationFailed", { violations });
}

/** RFC 6901. */
function jsonPointer(path: readonly PropertyKey[]): string {
  return path.map((segment) => `/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function tenantOf(definition: Definition, { actor }: ExecuteContext): string {
  if (definition.tenant === undefined) return actor.tenantId ?? "";
  const tenantId: unknown = definition.tenant({ actor: { ...actor, tenantId: actor.tenantId ?? "" } });
  // An empty tenant would be shared by everybody who has none.
  if (typeof tenantId !== "string" || tenantId === "")
    throw new TypeError(`${definition.name} belongs to a tenant: the actor needs a tenantId.`);
  return tenantId;
}
