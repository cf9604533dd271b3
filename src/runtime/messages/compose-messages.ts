import { type Definition, type ErasedMessage, type ErasedOutcomeScope, type Fields, type Outcome, rowsOf } from "../internals.js";
import type { OutgoingMessage } from "./message.js";

/**
 * The events and jobs of a call: what the handler gave, completed by what the spec computes. Throws an Error where the
 * handler left out a message that it must give, or gave one that the spec does not declare.
 */
export function composeMessages(
  definition: Definition,
  outcome: Outcome,
  scope: ErasedOutcomeScope,
  newId: () => string,
): readonly OutgoingMessage[] {
  return [
    ...composeKind("event", definition, definition.events, outcome.events, scope, newId),
    ...composeKind("job", definition, definition.jobs, outcome.jobs, scope, newId),
  ];
}

function composeKind(
  kind: "event" | "job",
  definition: Definition,
  declared: Readonly<Record<string, ErasedMessage>> | undefined,
  given: Readonly<Record<string, unknown>> | undefined,
  scope: ErasedOutcomeScope,
  newId: () => string,
): readonly OutgoingMessage[] {
  if (declared === undefined && given === undefined) return [];
  const unknown = Object.keys(given ?? {}).find((name) => declared === undefined || !Object.hasOwn(declared, name));
  if (unknown !== undefined)
    throw new Error(`${definition.name}: the handler gave the ${kind} "${unknown}", which the spec does not declare.`);
  return Object.entries(declared ?? {}).flatMap(([type, message]) => {
    if (message.when?.(scope) === false) return [];
    const parts = givenParts(`${definition.name}: the ${kind} "${type}"`, message, given?.[type]);
    return parts.map((part) => compose(kind, type, message, part, scope, newId()));
  });
}

/** What the handler gave of each message of this type. */
function givenParts(what: string, message: ErasedMessage, given: unknown): readonly Fields[] {
  const asksNothing = message.given === undefined || message.given.length === 0;
  if (message.cardinality === "many") {
    if (!Array.isArray(given)) throw new Error(`${what} must be an array, which may be empty.`);
    return given;
  }
  if (given === undefined || given === null) {
    if (message.cardinality === "optional") return [];
    if (asksNothing) return [{}];
    throw new Error(`${what} is missing.`);
  }
  if (typeof given !== "object" || Array.isArray(given)) throw new Error(`${what} must be an object.`);
  return [given as Fields];
}

function compose(
  kind: "event" | "job",
  type: string,
  message: ErasedMessage,
  given: Fields,
  scope: ErasedOutcomeScope,
  id: string,
): OutgoingMessage {
  const payload: Record<string, unknown> = {};
  // Only what the spec names: a handler may pass objects that hold more.
  for (const field of message.given ?? []) payload[field] = given[field];
  for (const [field, compute] of Object.entries(message.computed ?? {})) payload[field] = compute?.(scope);
  const payloadScope = { ...scope, payload };
  const key = message.key === undefined ? id : textKey(`The key of ${type}`, message.key(payloadScope));
  const locked = (message.serialisedBy ?? []).some((load) => rowsOf(scope.state[load]).length > 0);
  const dedupeKey = message.dedupeKey && textKey(`The dedupe key of ${type}`, message.dedupeKey(payloadScope));
  return {
    kind,
    id,
    type,
    version: message.version ?? 1,
    key,
    payload,
    needsKeyLock: kind === "event" && message.key !== undefined && !locked,
    delaySeconds: message.delaySeconds,
    at: message.at?.(scope),
    maxAttempts: message.maxAttempts,
    dedupeKey,
  };
}

function textKey(what: string, key: unknown): string {
  if (typeof key === "string" || typeof key === "number" || typeof key === "bigint") return String(key);
  throw new TypeError(`${what} is ${key === null ? "null" : typeof key}, not a text.`);
}
