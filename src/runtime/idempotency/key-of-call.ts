import { isStorable } from "../codec/storable-text.js";
import type { Actor, ExecuteContext } from "../context.js";
import type { Definition, Fields } from "../internals.js";
import { useCaseError } from "../refusal.js";
import type { ClaimedKey } from "./claim.js";
import { fingerprint } from "./fingerprint.js";

/** An index row must fit a page; the Idempotency-Key header's draft leaves the limit to the server. */
const longestKey = 255;

/** The key that a call claims; undefined where the use case has no idempotency. */
export function keyOfCall(
  definition: Definition,
  command: Fields,
  context: ExecuteContext,
  tenantId: string,
  secretKey: string | undefined,
): ClaimedKey | undefined {
  const { idempotency } = definition;
  if (idempotency === undefined) return undefined;
  const key = idempotency.key === "caller" ? context.idempotencyKey : idempotency.key({ command });
  if (key === undefined || key === null || key === "") throw useCaseError(definition, "IdempotencyKeyRequired");
  if (key.length > longestKey || !isStorable(key)) {
    const message = `The idempotency key must be storable text of at most ${longestKey} characters.`;
    throw useCaseError(definition, "ValidationFailed", { violations: [{ path: "", message }] });
  }
  const scope = idempotency.scope === "actor" ? actorScope(context.actor) : "";
  const useCase = definition.name;
  return {
    tenantId,
    scope,
    useCase,
    key,
    fingerprint: fingerprint(definition, command, { tenantId, scope, useCase, key }, secretKey),
    retentionSeconds: idempotency.retentionSeconds,
  };
}

function actorScope({ type, id }: Actor): string {
  return `${type}:${id}`;
}
