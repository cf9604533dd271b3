import type { Field, Message, UseCase } from "../../spec/model.js";
import { isGiven } from "../use-case/outcome-types.js";
import { givenFields } from "../use-case/use-case-parts.js";

/** One thing that the spec asks of a handler file: a member of the object that `defineHandler` takes or `apply` returns. */
export interface HandlerMember {
  readonly name: string;
  /** What messages and the manifest call it: `checks.withinHours`, `result.count`, `events.OrderPaid.total`. */
  readonly place: string;
  /** May be left out: never added. */
  readonly optional: boolean;
  /** A list of objects with these members. */
  readonly many: boolean;
  readonly kind: "function" | "object" | "value";
  /** Of an object, or of the elements of a list. */
  readonly members: readonly HandlerMember[];
  /** Goes into `notImplemented("…")`: `the check withinHours`, `result.count`. */
  readonly todo: string;
}

export interface HandlerMembers {
  /** Of the object that `defineHandler` takes. */
  readonly handler: readonly HandlerMember[];
  /** Of the object that `apply` returns. */
  readonly outcome: readonly HandlerMember[];
}

/** What the spec of a use case asks of its handler file. */
export function handlerMembers(useCase: UseCase): HandlerMembers {
  const { name, policies, prepare, result, events, jobs } = useCase;
  const checks = policies === "none" ? [] : (policies ?? []).flatMap((each) => (each.kind === "check" ? [each.check.name] : []));
  return {
    handler: [
      ...group("prepare", namedFunctions("prepare", "what prepares", [...new Set(prepare.map((each) => each.name))])),
      ...group("checks", namedFunctions("checks", "the check", [...new Set(checks)])),
      functionOf("apply", "apply", `what ${name} does`),
    ],
    outcome: [
      ...group("result", fieldMembers(givenFields(result), "result")),
      ...group("events", messageMembers("events", events)),
      ...group("jobs", messageMembers("jobs", jobs)),
    ],
  };
}

/** Every member by its place, as the manifest keeps them: `result.note?`, `events.StockReserved[].sku`. */
export function placesOf({ handler, outcome }: HandlerMembers): readonly string[] {
  const flat = (members: readonly HandlerMember[]): readonly string[] =>
    members.flatMap((each) => [`${each.place}${each.optional ? "?" : ""}`, ...flat(each.members)]);
  return [...flat(handler), ...flat(outcome)].sort();
}

function group(name: string, members: readonly HandlerMember[]): readonly HandlerMember[] {
  if (members.length === 0) return [];
  return [{ name, place: name, optional: members.every(({ optional }) => optional), many: false, kind: "object", members, todo: name }];
}

function namedFunctions(parent: string, what: string, names: readonly string[]): readonly HandlerMember[] {
  return names.map((name) => functionOf(name, `${parent}.${name}`, `${what} ${name}`));
}

function functionOf(name: string, place: string, todo: string): HandlerMember {
  return { name, place, optional: false, many: false, kind: "function", members: [], todo };
}

function messageMembers(parent: string, messages: readonly Message[]): readonly HandlerMember[] {
  return messages.filter(isGiven).map((message) => {
    const many = message.cardinality === "many";
    const place = `${parent}.${message.name}`;
    return {
      name: message.name,
      place,
      optional: message.cardinality === "optional",
      many,
      kind: "object",
      members: fieldMembers(givenFields(message.payload), many ? `${place}[]` : place),
      todo: place,
    };
  });
}

/** Objects that are written out in the spec are looked into; lists and shared types are values. */
function fieldMembers(fields: readonly Field[], parent: string): readonly HandlerMember[] {
  return fields.map(({ name, optional, type }) => {
    const place = `${parent}.${name}`;
    const isObject = type.kind === "object";
    const members = isObject ? fieldMembers(type.fields, place) : [];
    return { name, place, optional, many: false, kind: isObject ? "object" : "value", members, todo: place };
  });
}
