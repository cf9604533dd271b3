import type { DatabaseSchema, Field, Located, Project, Type } from "../../spec/model.js";
import { camelCase, singularOf, words } from "../../spec/names.js";
import { oncePer } from "../../spec/once-per.js";
import { isOnlyVerb, isPastTense, isVerb } from "../english.js";
import { fieldsOf } from "../fields-of.js";
import type { OnReport, Report, Rule } from "../rule.js";

export const namingStyle: Rule = {
  id: "naming/style",
  severity: "warning",
  local: true,
  subject: "project",
  summary: "a use case that does not begin with its verb, a field that is not in camelCase, an event that is not in the past tense",
  why: "A name tells what a thing is: ShipOrder can be called, OrderShipped has happened. In one style, names are found by guessing.",
  bad: {
    spec: `
events:
  ShipOrder:  # found here
    version: 1
    key: order.id
    payload: { orderId: { from: order.id } }
`,
  },
  good: {
    spec: `
events:
  OrderShipped:
    version: 1
    key: order.id
    payload: { orderId: { from: order.id } }
`,
  },
  checkUseCase({ useCase, project }, report) {
    const { name, file } = useCase;
    if (!startsWithVerb(name, project.schema))
      report({
        at: { file, path: ["usecase"] },
        message: `${name} does not begin with what it does.`,
        help: "Verb first, as in ShipOrder.",
      });
    checkFields(fieldsOf(useCase), file, report);
    for (const load of useCase.loads) if (!camelCased.test(load.name)) report(notCamelCased(load, file, "Load"));
    for (const event of useCase.events)
      if (!words(event.name).some(isPastTense))
        report({
          at: { file: event.file ?? file, path: event.path },
          on: "key",
          message: `Event ${event.name} is not in the past tense: an event says what has happened.`,
        });
  },
  check: ({ project }, report) => checkTypes(project, report),
};

/** The first words of the tables' names. */
const thingsIn = oncePer(
  ({ tables }: DatabaseSchema): ReadonlySet<string> =>
    new Set(tables.flatMap(({ name }) => [name, singularOf(name) ?? name].map(firstWord))),
);

const firstWord = (name: string) => words(name)[0]?.toLowerCase() ?? "";

/**
 * Said only where it is plain: the name begins with a thing and ends in what is done to it (OrderShip), or in how that
 * is called (OrderCreation). Many words are both: an order, and to order.
 */
function startsWithVerb(name: string, schema: DatabaseSchema | undefined): boolean {
  const named = words(name);
  if (named.length < 2) return true;
  const first = named[0]?.toLowerCase() ?? "";
  const last = named.at(-1)?.toLowerCase() ?? "";
  if (schema !== undefined && thingsIn(schema).has(first))
    return !isOnlyVerb(last) && !/(tion|ing)$/.test(last) && (isVerb(first) || !isVerb(last));
  return isVerb(first) || !/ing$/.test(first);
}

function checkTypes({ types }: Project, report: OnReport): void {
  for (const { type, file } of types) checkType(type, file, report);
}

function checkFields(fields: readonly Field[], file: string, report: OnReport): void {
  for (const field of fields) {
    if (!camelCased.test(field.name)) report(notCamelCased(field, file, "Field"));
    if (field.type.kind === "array" || field.type.kind === "object") checkType(field.type, file, report);
  }
}

function checkType(type: Type, file: string, report: OnReport): void {
  if (type.kind === "array") checkType(type.items, file, report);
  else if (type.kind === "object") checkFields(type.fields, file, report);
}

const camelCased = /^[a-z][A-Za-z0-9]*$/;

function notCamelCased({ name, path, file }: Located & { readonly name: string }, own: string, what: string): Report {
  return { at: { path, file: file ?? own }, on: "key", message: `${what} ${name} is not in camelCase.`, suggestions: [camelCase(name)] };
}
