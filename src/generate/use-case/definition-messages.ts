import type { Message } from "../../spec/model.js";
import { serialisingLoads } from "../../spec/serialising-loads.js";
import { array, type Code, object, objectOf } from "../code/code.js";
import { literal, numberLiteral, propertyKey } from "../encode.js";
import { givenFields, type UseCaseParts } from "./use-case-parts.js";

/** The events or the jobs. */
export function messageDefinitions(messages: readonly Message[], parts: UseCaseParts): Code {
  const entries = messages.map((message) => ({ key: propertyKey(message.name), value: messageDefinition(message, parts) }));
  return objectOf(entries, { expanded: true });
}

function messageDefinition(message: Message, parts: UseCaseParts): Code {
  const { expressions } = parts;
  const given = givenFields(message.payload);
  const computed = expressions.computed(message.payload, (field) => ({ kind: "payload", message, field }));
  const serialisedBy = serialisingLoads(message, parts.useCase, parts.context.table);
  return object(
    {
      version: message.kind === "event" ? numberLiteral(message.version) : undefined,
      cardinality: message.cardinality === "one" ? undefined : literal(message.cardinality),
      when: message.when && expressions.function(message.when, { kind: "message when", message }),
      key: message.key && expressions.function(message.key, { kind: "message key", message }),
      serialisedBy: serialisedBy.length === 0 ? undefined : array(serialisedBy.map(literal)),
      given: given.length === 0 ? undefined : array(given.map(({ name }) => literal(name))),
      computed,
      delaySeconds: message.delaySeconds === undefined ? undefined : numberLiteral(message.delaySeconds),
      at: message.at && expressions.function(message.at, { kind: "job at", message }),
      maxAttempts: message.maxAttempts === undefined ? undefined : numberLiteral(message.maxAttempts),
      dedupeKey: message.dedupeKey && expressions.function(message.dedupeKey, { kind: "dedupe key", message }),
    },
    { expanded: true },
  );
}
