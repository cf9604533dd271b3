import type { Expression, Message, TableLoad } from "../../spec/model.js";
import { array, type Code, object } from "../code/code.js";
import { literal, numberLiteral, propertyKey } from "../encode.js";
import { givenFields, tableLoads, type UseCaseParts } from "./use-case-parts.js";

/** The events or the jobs. */
export function messageDefinitions(messages: readonly Message[], parts: UseCaseParts): Code {
  const entries = messages.map((message): [string, Code] => [propertyKey(message.name), messageDefinition(message, parts)]);
  return object(Object.fromEntries(entries), { expanded: true });
}

function messageDefinition(message: Message, parts: UseCaseParts): Code {
  const { expressions } = parts;
  const given = givenFields(message.payload);
  const computed = message.payload.flatMap((field): [string, Code][] =>
    field.from === undefined ? [] : [[propertyKey(field.name), expressions.function(field.from, { kind: "payload", message, field })]],
  );
  const serialisedBy = serialisingLoads(message, parts);
  return object(
    {
      version: message.kind === "event" ? numberLiteral(message.version) : undefined,
      cardinality: message.cardinality === "one" ? undefined : literal(message.cardinality),
      when: message.when && expressions.function(message.when, { kind: "message when", message }),
      key: message.key && expressions.function(message.key, { kind: "message key", message }),
      serialisedBy: serialisedBy.length === 0 ? undefined : array(serialisedBy.map(literal)),
      given: given.length === 0 ? undefined : array(given.map(({ name }) => literal(name))),
      computed: computed.length === 0 ? undefined : object(Object.fromEntries(computed), { expanded: computed.length > 1 }),
      delaySeconds: message.delaySeconds === undefined ? undefined : numberLiteral(message.delaySeconds),
      at: message.at && expressions.function(message.at, { kind: "job at", message }),
      maxAttempts: message.maxAttempts === undefined ? undefined : numberLiteral(message.maxAttempts),
      dedupeKey: message.dedupeKey && expressions.function(message.dedupeKey, { kind: "dedupe key", message }),
    },
    { expanded: true },
  );
}

/**
 * The locked loads that serialise a message's key: those whose one locked row is the only row with the key's value, so
 * that two calls with one key cannot both be past their locks.
 */
function serialisingLoads(message: Message, parts: UseCaseParts): readonly string[] {
  const key = message.key && origin(message.key, message).source.trim();
  if (key === undefined) return [];
  return tableLoads(parts.useCase.loads)
    .filter((load) => load.cardinality !== "many" && (load.lock === "update" || load.lock === "no key update"))
    .filter((load) => uniqueColumns(load, parts).some((column) => key === `${load.name}.${column}` || key === boundTo(load, column)))
    .map(({ name }) => name);
}

/** `payload.orderId` is what the payload's field is computed from. */
function origin(key: Expression, message: Message): Expression {
  const field = /^payload\.(\w+)$/.exec(key.source.trim())?.[1];
  return message.payload.find(({ name }) => name === field)?.from ?? key;
}

/** The columns of which one value names one row (of the tenant, where the convention binds the load). */
function uniqueColumns(load: TableLoad, { context }: UseCaseParts): readonly string[] {
  const table = context.table(load.table.name);
  const whole = table.uniques.filter(({ partial }) => !partial).map(({ columns }) => columns);
  return [table.primaryKey, ...whole].flatMap((columns) => (columns.length === 1 ? columns : []));
}

/** What a load's condition says its column equals. */
function boundTo({ where }: TableLoad, column: string): string | undefined {
  const condition = where.conditions.find((each) => each.column.name === column && each.operator === "eq" && each.when === undefined);
  return condition?.value.kind === "expression" ? condition.value.expression.source.trim() : undefined;
}
