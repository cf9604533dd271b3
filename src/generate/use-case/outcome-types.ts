import type { Field, Message } from "../../spec/model.js";
import { arrayOf, type Code, type Member, member, members, union } from "../code/code.js";
import { type Declaration, interfaceOf } from "../code/declaration.js";
import { fieldMember, plainMember, type TypeCodeOptions } from "../code/type-code.js";
import { propertyKey } from "../encode.js";
import { fieldsDeclaration } from "./command-types.js";
import { givenFields, type UseCaseParts } from "./use-case-parts.js";

/** `…Result`, `…Events`, `…Jobs`: whole, as callers and consumers get them; and `…Outcome`: what the handler gives of them. */
export function outcomeTypes(parts: UseCaseParts): readonly Declaration[] {
  const { name, result, events, jobs } = parts.useCase;
  const options = resultOptions(parts);
  return [
    fieldsDeclaration(
      `${name}Result`,
      result.map((field) => secretMember(fieldMember(field, options), field)),
    ),
    ...messagesType(`${name}Events`, "The events as they are delivered.", events, parts),
    ...messagesType(`${name}Jobs`, "The jobs as they are delivered.", jobs, parts),
    ...(parts.hasHandler ? [outcomeType(parts)] : []),
  ];
}

/** A secret of the result is not stored, so a replayed result has null in its place. */
function secretMember(each: Member, { type }: Field): Member {
  return type.secret
    ? { ...each, type: union([each.type, "null"]), comment: ["Secret: never stored; null when the result is replayed."] }
    : each;
}

function messagesType(name: string, comment: string, messages: readonly Message[], parts: UseCaseParts): readonly Declaration[] {
  if (messages.length === 0) return [];
  const payload = (message: Message) => {
    const options = messageOptions(message, parts);
    return members(message.payload.map((field) => plainMember(field, options)));
  };
  return [
    interfaceOf(
      name,
      messages.map((message) => member(propertyKey(message.name), payload(message))),
      { comment: [comment] },
    ),
  ];
}

function outcomeType(parts: UseCaseParts): Declaration {
  const { name, result, events, jobs } = parts.useCase;
  const given = givenFields(result);
  const whole = given.length === result.length && !result.some(({ type }) => type.secret);
  const options = resultOptions(parts);
  const outcome = [
    ...(given.length === 0 ? [] : [member("result", whole ? `${name}Result` : members(given.map((field) => plainMember(field, options))))]),
    ...givenMessages("events", events, parts),
    ...givenMessages("jobs", jobs, parts),
  ];
  const comment =
    outcome.length === 0 ? "The handler gives nothing back: all is computed." : "What the handler gives; the rest is computed.";
  return fieldsDeclaration(`${name}Outcome`, outcome, { comment: [comment] });
}

function givenMessages(key: "events" | "jobs", messages: readonly Message[], parts: UseCaseParts): readonly Member[] {
  const given = messages.filter(isGiven).map((message): Member => {
    const optional = message.cardinality === "optional";
    const type = givenPayload(message, parts);
    return member(propertyKey(message.name), optional ? union([type, "undefined"]) : type, {
      optional,
      comment: message.cardinality === "many" ? ["One per element; may be empty."] : [],
    });
  });
  if (given.length === 0) return [];
  const optional = given.every((each) => each.optional);
  const comment = given.some((each) => each.optional) ? ["What is left out is not sent."] : [];
  return [member(key, optional ? union([members(given), "undefined"]) : members(given), { optional, comment })];
}

/** Is there something about a message that only the handler can say: its fields, whether it is sent, or how often? */
export function isGiven(message: Message): boolean {
  return message.cardinality !== "one" || givenFields(message.payload).length > 0;
}

function givenPayload(message: Message, parts: UseCaseParts): Code {
  const options = messageOptions(message, parts);
  const payload = members(givenFields(message.payload).map((field) => plainMember(field, options)));
  return message.cardinality === "many" ? arrayOf(payload) : payload;
}

function resultOptions({ context: { project }, shared, expressions }: UseCaseParts): TypeCodeOptions {
  return { project, shared, inferred: (field) => expressions.typeOf(field, { kind: "result", field }) };
}

function messageOptions(message: Message, { context: { project }, shared, expressions }: UseCaseParts): TypeCodeOptions {
  return { project, shared, inferred: (field) => expressions.typeOf(field, { kind: "payload", message, field }) };
}
