// Arithmetic, comparison, logic, membership, and how two types become one.

import { nearest } from "../suggest.js";
import type { Complaint } from "./call-form.js";
import { conditionFacts } from "./condition-facts.js";
import { type Context, invalid, needed, refuse, report, textOf } from "./context.js";
import { sameHeld } from "./convert.js";
import { describeType, oneOf } from "./describe-type.js";
import { both, type Literal } from "./facts.js";
import { inspectDate, inspectDecimal, inspectTimestamp, inspectUuid } from "./literals.js";
import type { ASTNode } from "./parse.js";
import { type ArithmeticOperator, type ComparedAs, type Comparison, type Domain, type Position, pathOf, type Typed } from "./typed.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

type Pair = readonly [ASTNode, ASTNode];

// ---------------------------------------------------------------------------------------------------------------- logic

export function checkLogic(op: "and" | "or", [leftNode, rightNode]: Pair, place: Position, context: Context): Typed {
  const left = truth(context.check(leftNode, context), context, op === "and" ? "&&" : "||");
  const facts = both(context.facts, conditionFacts(left, op === "and", context.depth));
  const right = truth(context.check(rightNode, { ...context, facts }), { ...context, facts }, op === "and" ? "&&" : "||");
  return { op, left, right, type: types.bool, start: place.start, end: place.end };
}

function truth(node: Typed, context: Context, operator: string): Typed {
  needed(context, node);
  if (node.op === "literal" && typeof node.value === "boolean")
    report(context, node, `This is always ${node.value}, so there is nothing to decide.`);
  if (node.type.kind !== "bool" && node.type.kind !== "unknown") {
    const json = node.type.kind === "json" ? [`bool(${textOf(context, node)})`] : [];
    report(context, node, `\`${operator}\` takes booleans; \`${textOf(context, node)}\` is ${describeType(node.type)}.`, json);
  }
  return node;
}

export function checkNot(operandNode: ASTNode, { start, end }: Position, context: Context): Typed {
  const operand = truth(context.check(operandNode, context), context, "!");
  return { op: "not", operand, type: types.bool, start, end };
}

export function checkConditional(
  [conditionNode, thenNode, otherwiseNode]: readonly [ASTNode, ASTNode, ASTNode],
  place: Position,
  context: Context,
): Typed {
  const condition = truth(context.check(conditionNode, context), context, "?");
  const branch = (node: ASTNode, holds: boolean) =>
    context.check(node, { ...context, facts: both(context.facts, conditionFacts(condition, holds, context.depth)) });
  const then = branch(thenNode, true);
  const otherwise = branch(otherwiseNode, false);
  const type = unified(asWritten(then, otherwise.type), asWritten(otherwise, then.type));
  if (type === undefined) {
    return refuse(context, place, `The two branches differ: ${describeType(then.type)} and ${describeType(otherwise.type)}.`);
  }
  return { op: "conditional", condition, then, otherwise, type, start: place.start, end: place.end };
}

/** The type of a branch beside another: text like '0.00' is a decimal beside a decimal. */
function asWritten(node: Typed, beside: ValueType): ValueType {
  if (node.op !== "literal" || typeof node.value !== "string") return node.type;
  if (beside.kind === "decimal" && inspectDecimal(node.value) === undefined) return types.decimalText;
  if (beside.kind === "date" && inspectDate(node.value) === undefined) return types.dateText;
  if (beside.kind === "timestamp" && inspectTimestamp(node.value) === undefined) return types.timestampText;
  return node.type;
}

/** The type that holds both, or undefined. Where the two are held differently, the one that is calculated with. */
export function unified(a: ValueType, b: ValueType): ValueType | undefined {
  if (a.kind === "unknown" || b.kind === "unknown") return types.unknown;
  const flags = {
    ...((a.nullable || b.nullable) && { nullable: true }),
    ...((a.optional || b.optional) && { optional: true }),
    ...((a.assured || b.assured) && { assured: true }),
  };
  if (a.kind === "null") return { ...b, ...flags, nullable: true };
  if (b.kind === "null") return { ...a, ...flags, nullable: true };
  const shape = unifiedShape(types.present(a), types.present(b));
  return shape === undefined ? undefined : { ...shape, ...flags };
}

function unifiedShape(a: ValueType, b: ValueType): ValueType | undefined {
  if (a.kind === "string" && b.kind === "string") {
    const values = a.values !== undefined && b.values !== undefined ? [...new Set([...a.values, ...b.values])] : undefined;
    const format = a.format === b.format ? a.format : undefined;
    return { kind: "string", ...(values !== undefined && { values }), ...(format !== undefined && { format }) };
  }
  if ((a.kind === "int" && b.kind === "double") || (a.kind === "double" && b.kind === "int")) return types.double;
  if (a.kind === "decimal" && b.kind === "decimal") return a.as === b.as ? a : types.decimal;
  if (a.kind === "bigint" && b.kind === "bigint") return a.as === b.as ? a : types.bigint;
  if (a.kind === "timestamp" && b.kind === "timestamp") return a.as === b.as && a.zone === b.zone ? a : types.instant;
  if (a.kind === "date" && b.kind === "date") return a.as === b.as ? a : types.dateText;
  if (a.kind === "list" && b.kind === "list") {
    const items = unified(a.items, b.items);
    return items === undefined ? undefined : types.listOf(items);
  }
  if (a.kind === "object" && b.kind === "object") {
    if (a.fields.size !== b.fields.size) return undefined;
    const fields: (readonly [string, ValueType])[] = [];
    for (const [name, field] of a.fields) {
      const other = b.fields.get(name);
      const type = other === undefined ? undefined : unified(field, other);
      if (type === undefined) return undefined;
      fields.push([name, type]);
    }
    return types.objectOf(fields, a.name === b.name ? a.name : undefined);
  }
  if (a.kind === "opaque" && b.kind === "opaque") return a.name === b.name ? a : undefined;
  return a.kind === b.kind && a.kind !== "map" ? a : undefined;
}

// ----------------------------------------------------------------------------------------------------------- comparison

export function checkComparison(operator: Comparison, nodes: Pair, place: Position, context: Context): Typed {
  const equality = operator === "==" || operator === "!=";
  const quoted = equality ? unquotedLiteral(nodes, context) : undefined;
  if (quoted !== undefined) return quoted;
  const left = context.check(nodes[0], context);
  const right = context.check(nodes[1], context);
  const { start, end } = place;
  if (left.type.kind === "unknown" || right.type.kind === "unknown") return { ...invalid(place), type: types.bool };
  if (equality && (left.type.kind === "null" || right.type.kind === "null")) {
    return comparedWithNull(right.type.kind === "null" ? left : right, operator === "!=", place, context);
  }
  for (const side of [left, right]) {
    // In CEL `null == 'x'` is false, and an absent field is an error.
    if (
      side.type.optional === true ||
      (!equality && side.type.nullable === true) ||
      (side.type.nullable === true && isConverted(side.type))
    ) {
      needed(context, side);
    }
  }
  const as = comparedAs(left, right, equality, textOf(context, place), place, context);
  if (as === undefined) return { ...invalid(place), type: types.bool };
  return { op: "compare", operator, left, right, as, type: types.bool, start, end };
}

/** Held as text but compared as a number or an instant, so that null cannot be passed through. */
function isConverted(type: ValueType): boolean {
  return (type.kind === "timestamp" && type.as !== "Date") || (type.kind === "bigint" && type.as === "string") || type.kind === "decimal";
}

function comparedWithNull(operand: Typed, negated: boolean, place: Position, context: Context): Typed {
  const result: Typed = { op: "isNull", operand, negated, type: types.bool, start: place.start, end: place.end };
  const path = pathOf(operand);
  const fact = path === undefined ? undefined : context.facts.get(path);
  // What another part of the spec has checked may be checked again; within one expression the compiler would refuse it.
  if (fact?.seenAt !== undefined && (fact.missing === true || (fact.present === true && !negated))) {
    return refuse(context, place, `Here \`${textOf(context, operand)}\` is ${fact.missing === true ? "null already" : "never null"}.`);
  }
  const checkedBefore = operand.op === "entry" || declaredMayMiss(operand, context);
  if (
    checkedBefore ||
    types.mayMiss(operand.type) ||
    operand.type.kind === "json" ||
    operand.type.kind === "opaque" ||
    operand.assured === true
  )
    return result;
  if (operand.type.kind === "list" || operand.type.kind === "map") {
    const text = textOf(context, operand);
    return refuse(context, place, `\`${text}\` is ${describeType(operand.type)}, never null: is it empty?`, [
      `size(${text}) ${negated ? ">" : "=="} 0`,
    ]);
  }
  report(context, place, `\`${textOf(context, operand)}\` is never null.`);
  return result;
}

/** Is it non-null only because of what was checked before? Then checking again is no mistake. */
function declaredMayMiss(operand: Typed, context: Context): boolean {
  if (operand.op === "variable") {
    const type = operand.local ? context.locals.get(operand.name) : context.scope.type(operand.name);
    return type !== undefined && types.mayMiss(type);
  }
  if (operand.op !== "field" || operand.object.type.kind !== "object") return false;
  const field = operand.object.type.fields.get(operand.name);
  return field !== undefined && types.mayMiss(field);
}

/** `order.status == paid`: the literal lacks its quotes. */
function unquotedLiteral([leftNode, rightNode]: Pair, context: Context): Typed | undefined {
  for (const [nameNode, otherNode] of [
    [rightNode, leftNode],
    [leftNode, rightNode],
  ] as const) {
    if (nameNode.op !== "id" || context.locals.has(nameNode.args) || context.scope.type(nameNode.args) !== undefined) continue;
    const other = context.check(otherNode, { ...context, problems: [] });
    if (other.type.kind === "string" && other.type.values?.includes(nameNode.args)) {
      context.check(otherNode, context);
      return refuse(context, nameNode, `Text stands in quotes: '${nameNode.args}'.`, [`'${nameNode.args}'`]);
    }
  }
  return undefined;
}

/** How the two are compared, or undefined after a report. */
function comparedAs(left: Typed, right: Typed, equality: boolean, text: string, place: Position, context: Context): ComparedAs | undefined {
  const [a, b] = [left.type, right.type];
  const say = (message: string, suggestions: readonly string[] = [], at: Position = place): undefined => {
    report(context, at, message, suggestions);
  };
  const kinds = (one: ValueType["kind"], other: ValueType["kind"]) =>
    (a.kind === one && b.kind === other) || (a.kind === other && b.kind === one);
  const literalOf = (kind: ValueType["kind"]) => [left, right].find((node) => node.op === "literal" && typeof node.value === kind);

  if (equality && (a.kind === "opaque" || b.kind === "opaque")) return "plain";
  if (a.kind === "json" || b.kind === "json") return comparedJson(left, right, equality, context);
  if (isNumber(a) && isNumber(b)) return contradiction(left, right, equality, context) ? undefined : "plain";
  if (a.kind === "decimal" || b.kind === "decimal") return comparedDecimal(left, right, context);
  if (a.kind === "bigint" || b.kind === "bigint") {
    if (kinds("bigint", "bigint") || kinds("bigint", "int")) return "bigint";
  }
  if (a.kind === "string" && b.kind === "string") return comparedText(left, right, equality, text, place, context);
  if (kinds("timestamp", "timestamp")) return "time";
  if (kinds("date", "date")) return a.kind === "date" && b.kind === "date" && (a.as === "Date" || b.as === "Date") ? "time" : "plain";
  if (kinds("duration", "duration")) return "plain";
  if (kinds("bool", "bool")) {
    if (!equality) return say("Booleans have no order.");
    return contradiction(left, right, equality, context) ? undefined : "plain";
  }
  if (kinds("date", "string")) {
    const literal = literalOf("string");
    if (literal?.op === "literal" && typeof literal.value === "string") {
      const complaint = inspectDate(literal.value);
      if (complaint !== undefined) return say(complaint.message, complaint.suggestions, literal);
      return [a, b].some((type) => type.kind === "date" && type.as === "Date") ? "time" : "plain";
    }
  }
  if (kinds("timestamp", "string")) {
    const literal = literalOf("string");
    if (literal !== undefined) return say("A timestamp is compared with a timestamp.", [`timestamp(${textOf(context, literal)})`], literal);
  }
  if (kinds("timestamp", "date")) {
    const date = a.kind === "date" ? left : right;
    return say(
      "A timestamp and a date cannot be compared: say which instant of the day is meant.",
      [`timestamp(${textOf(context, date)})`],
      date,
    );
  }
  if (kinds("list", "list") || kinds("object", "object") || kinds("map", "map")) {
    return say(
      `${a.kind === "object" ? "Objects" : "Lists"} cannot be compared as a whole: compare their ${a.kind === "object" ? "fields" : "size or elements"}.`,
    );
  }
  return say(
    `\`${textOf(context, left)}\` is ${describeType(a)} and \`${textOf(context, right)}\` ${describeType(b)}: they cannot be compared.`,
  );
}

function isNumber({ kind }: ValueType): boolean {
  return kind === "int" || kind === "double";
}

function comparedJson(left: Typed, right: Typed, equality: boolean, context: Context): ComparedAs | undefined {
  const [json, other] = left.type.kind === "json" ? [left, right] : [right, left];
  if (equality && ["json", "string", "int", "double", "bool", "opaque"].includes(other.type.kind)) return "plain";
  const conversions: Partial<Record<ValueType["kind"], string>> = {
    int: "int",
    double: "double",
    string: "string",
    decimal: "decimal",
    timestamp: "timestamp",
    bool: "bool",
  };
  const conversion = conversions[other.type.kind];
  const text = textOf(context, json);
  report(
    context,
    json,
    `\`${text}\` is JSON of unknown shape: say what it is.`,
    conversion === undefined ? [] : [`${conversion}(${text})`],
  );
  return undefined;
}

function comparedDecimal(left: Typed, right: Typed, context: Context): ComparedAs | undefined {
  let sound = true;
  for (const [side, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const text = textOf(context, side);
    const { type } = side;
    if (type.kind === "decimal" && type.as === "string") {
      sound = false;
      report(context, side, `\`${text}\` is a decimal, kept as text, and '9' is more than '10' as text: compare \`decimal(${text})\`.`, [
        `decimal(${text})`,
      ]);
    } else if (type.kind === "string") {
      sound = false;
      report(context, side, `A decimal is compared with a decimal, not with ${describeType(type)}.`, [`decimal(${text})`]);
    } else if (type.kind === "double") {
      sound = false;
      report(context, side, `A decimal is exact, \`${text}\` is not.`, side.op === "literal" ? [`decimal('${text}')`] : []);
    } else if (type.kind !== "decimal" && type.kind !== "int" && other.type.kind === "decimal") {
      sound = false;
      report(context, side, `\`${textOf(context, other)}\` is a decimal and \`${text}\` ${describeType(type)}: they cannot be compared.`);
    }
  }
  return sound ? "decimal" : undefined;
}

function comparedText(
  left: Typed,
  right: Typed,
  equality: boolean,
  text: string,
  place: Position,
  context: Context,
): ComparedAs | undefined {
  const [a, b] = [left.type, right.type];
  if (a.kind !== "string" || b.kind !== "string") return undefined;
  if (!equality) {
    const choice = [left, right].find((side) => side.op !== "literal" && side.type.kind === "string" && side.type.values !== undefined);
    if (choice === undefined) return "plain";
    report(context, place, `\`${textOf(context, choice)}\` is ${describeType(choice.type)}: these have no order.`);
    return undefined;
  }
  for (const [side, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const complaint = side.op === "literal" && typeof side.value === "string" ? literalComplaint(side.value, other, context) : undefined;
    if (complaint === undefined) continue;
    report(context, side, complaint.message, complaint.suggestions);
    return undefined;
  }
  if (a.values !== undefined && b.values !== undefined && !a.values.some((value) => b.values?.includes(value))) {
    report(context, place, `\`${text}\`: ${oneOf(a.values)} can never be ${oneOf(b.values)}.`);
    return undefined;
  }
  return "plain";
}

/** A literal that the other side can never be. */
function literalComplaint(value: string, other: Typed, context: Context): Complaint | undefined {
  if (other.type.kind !== "string") return undefined;
  if (other.type.format === "uuid") return inspectUuid(value);
  const { values } = other.type;
  if (values === undefined || values.includes(value)) return undefined;
  const known = other.op === "field" || other.op === "variable" ? declaredValues(other, context) : undefined;
  if (known === undefined || known.includes(value)) {
    return { message: `Here \`${textOf(context, other)}\` is ${oneOf(values)}, so it can never be '${value}'.` };
  }
  return {
    message: `\`${textOf(context, other)}\` is ${oneOf(values)}, never '${value}'.`,
    suggestions: nearest(value, values).map((near) => `'${near}'`),
  };
}

function declaredValues(node: Typed, context: Context): readonly string[] | undefined {
  const type =
    node.op === "variable"
      ? node.local
        ? context.locals.get(node.name)
        : context.scope.type(node.name)
      : node.op === "field" && node.object.type.kind === "object"
        ? node.object.type.fields.get(node.name)
        : undefined;
  return type?.kind === "string" ? (type.values ?? undefined) : undefined;
}

/** `2 == 3`, `x == 2 && x == 3`: the compiler would refuse it too. */
function contradiction(left: Typed, right: Typed, equality: boolean, context: Context): boolean {
  if (!equality) return false;
  const [a, b] = [possibleValues(left, context), possibleValues(right, context)];
  if (a === undefined || b === undefined || a.some((value) => b.includes(value))) return false;
  const [side, other, values] = left.op === "literal" ? [right, left, b] : [left, right, a];
  if (side.op === "literal") report(context, { start: left.start, end: right.end }, "These are never equal.");
  else report(context, other, `Here \`${textOf(context, side)}\` is ${values.join(" or ")}, so it can never be ${textOf(context, other)}.`);
  return true;
}

function possibleValues(node: Typed, context: Context): readonly Literal[] | undefined {
  if (node.op === "literal" && node.value !== null) return [node.value];
  const path = pathOf(node);
  return path === undefined ? undefined : context.facts.get(path)?.values;
}

// ----------------------------------------------------------------------------------------------------------- membership

export function checkIn([itemNode, containerNode]: Pair, place: Position, context: Context): Typed {
  const item = context.check(itemNode, context);
  const container = needed(context, context.check(containerNode, context));
  const { start, end } = place;
  const { type } = container;
  if (type.kind === "unknown" || item.type.kind === "unknown") return { ...invalid(place), type: types.bool };
  needed(context, item);
  if (type.kind === "map") {
    if (type.key.kind !== item.type.kind && !(type.key.kind === "bigint" && item.type.kind === "int")) {
      return refuse(
        context,
        item,
        `The keys of \`${textOf(context, container)}\` are ${describeType(type.key)}, not ${describeType(item.type)}.`,
      );
    }
    return { op: "inMap", key: item, map: container, type: types.bool, start, end };
  }
  if (type.kind === "string" && item.type.kind === "string") {
    const [part, whole] = [textOf(context, item), textOf(context, container)];
    return refuse(context, place, "`in` looks into lists and maps; text has `contains`.", [`${whole}.contains(${part})`]);
  }
  if (type.kind !== "list") return refuse(context, container, `\`in\` looks into lists and maps; this is ${describeType(type)}.`);
  if (container.op === "list") {
    // Literals are looked at one by one, so that a mistake is shown where it is.
    const as = container.items.map((one) =>
      one.type.kind === "unknown" ? "plain" : comparedAs(item, one, true, textOf(context, one), one, context),
    );
    if (as.some((one) => one === undefined)) return { ...invalid(place), type: types.bool };
  }
  if (type.items.optional === true) {
    // Of a written list, its elements have said so.
    if (container.op === "list") return { ...invalid(place), type: types.bool };
    return refuse(context, container, "Elements here may be missing: leave them out with `filter(x, x != null)`.");
  }
  const result = (as: ComparedAs): Typed => {
    const direct = as === "plain" && !types.mayMiss(type.items) && isIncludable(item.type, type.items, container.op === "list");
    // In a callback, TypeScript has forgotten what was checked of the item before.
    const compared = direct ? item : context.check(itemNode, { ...context, depth: context.depth + 1, problems: [] });
    return { op: "inList", item: compared, list: container, as, direct, type: types.bool, start, end };
  };
  if (type.items.kind === "unknown") return result("plain");
  const element: Typed = {
    op: "element",
    list: container,
    index: container,
    type: types.present(type.items),
    start: container.start,
    end: container.end,
  };
  const as = comparedAs(item, element, true, textOf(context, place), place, context);
  return as === undefined ? { ...invalid(place), type: types.bool } : result(as);
}

/** May `includes` be called with the item? TypeScript takes nothing that is not of the elements' own type. */
function isIncludable(item: ValueType, elements: ValueType, isWritten: boolean): boolean {
  if (isNumber(item) && isNumber(elements)) return true;
  if (item.kind === "string" && elements.kind === "string") {
    // An array literal is one of strings, whatever they are.
    return isWritten || elements.values === undefined || (item.values?.every((value) => elements.values?.includes(value)) ?? false);
  }
  return item.kind === elements.kind && (item.kind === "bool" || (item.kind === "date" && sameHeld(item, elements)));
}

// ----------------------------------------------------------------------------------------------------------- arithmetic

export function checkArithmetic(operator: ArithmeticOperator, [leftNode, rightNode]: Pair, place: Position, context: Context): Typed {
  const left = needed(context, context.check(leftNode, context));
  const right = needed(context, context.check(rightNode, context));
  if (left.type.kind === "unknown" || right.type.kind === "unknown") return invalid(place);
  const meaning = arithmetic(operator, left, right);
  if (meaning !== undefined) {
    const zero = right.op === "literal" && right.value === 0;
    if (zero && meaning.domain === "int" && (operator === "/" || operator === "%")) return refuse(context, right, "This divides by zero.");
    return { op: "arithmetic", operator, left, right, domain: meaning.domain, type: meaning.type, start: place.start, end: place.end };
  }
  return refuseArithmetic(operator, left, right, place, context);
}

function arithmetic(operator: ArithmeticOperator, { type: a }: Typed, { type: b }: Typed): { domain: Domain; type: ValueType } | undefined {
  const additive = operator === "+" || operator === "-";
  if (a.kind === "int" && b.kind === "int") return { domain: "int", type: types.int };
  if (isNumber(a) && isNumber(b)) return operator === "%" ? undefined : { domain: "double", type: types.double };
  const exact = (type: ValueType) => type.kind === "int" || (type.kind === "decimal" && type.as === "object");
  if (exact(a) && exact(b) && operator !== "/" && operator !== "%") return { domain: "decimal", type: types.decimal };
  if ((a.kind === "bigint" && (b.kind === "bigint" || b.kind === "int")) || (a.kind === "int" && b.kind === "bigint"))
    return { domain: "bigint", type: types.bigint };
  if (a.kind === "string" && b.kind === "string" && operator === "+") return { domain: "string", type: types.string };
  if (a.kind === "list" && b.kind === "list" && operator === "+") {
    const items = unified(a.items, b.items);
    return items === undefined ? undefined : { domain: "list", type: types.listOf(items) };
  }
  if (a.kind === "timestamp" && b.kind === "timestamp" && operator === "-") return { domain: "difference", type: types.duration };
  if (a.kind === "timestamp" && b.kind === "duration" && additive) return { domain: "shift", type: types.instant };
  if (a.kind === "duration" && b.kind === "timestamp" && operator === "+") return { domain: "shift", type: types.instant };
  if (a.kind === "duration" && b.kind === "duration" && additive) return { domain: "duration", type: types.duration };
  if (a.kind === "duration" && b.kind === "int" && operator === "*") return { domain: "duration", type: types.duration };
  if (a.kind === "int" && b.kind === "duration" && operator === "*") return { domain: "duration", type: types.duration };
  return undefined;
}

function refuseArithmetic(operator: ArithmeticOperator, left: Typed, right: Typed, place: Position, context: Context): Typed {
  const sides = [left, right];
  const decimals = sides.filter(({ type }) => type.kind === "decimal");
  if (decimals.length > 0 && (operator === "/" || operator === "%")) {
    return refuse(context, place, "Decimals are exact, a quotient is not: divide in the handler, where rounding is said.");
  }
  for (const side of sides) {
    const text = textOf(context, side);
    if (side.type.kind === "decimal" && side.type.as === "string") {
      return refuse(context, side, `\`${text}\` is a decimal, kept as text: calculate with \`decimal(${text})\`.`, [`decimal(${text})`]);
    }
    if (decimals.length > 0 && side.type.kind === "double") {
      return refuse(context, side, `A decimal is exact, \`${text}\` is not.`, side.op === "literal" ? [`decimal('${text}')`] : []);
    }
    if (side.type.kind === "json") {
      const other = side === left ? right : left;
      const conversion = other.type.kind === "json" ? "int" : other.type.kind;
      return refuse(
        context,
        side,
        `\`${text}\` is JSON of unknown shape: say what it is.`,
        ["int", "double", "string", "decimal"].includes(conversion) ? [`${conversion}(${text})`] : [],
      );
    }
  }
  const shifted = sides.find(({ type }) => type.kind === "timestamp");
  const amount = sides.find(({ type }) => type.kind === "int");
  if (shifted !== undefined && amount !== undefined) {
    return refuse(context, amount, "A timestamp is moved by a duration, as in `now + duration('24h')`.");
  }
  const words = sides.find(({ type }) => type.kind === "string");
  const other = sides.find(({ type }) => type.kind !== "string");
  if (
    operator === "+" &&
    words !== undefined &&
    other !== undefined &&
    ["int", "double", "bool", "bigint", "timestamp", "date"].includes(other.type.kind)
  ) {
    return refuse(context, other, `Text is joined with text: write \`string(${textOf(context, other)})\`.`, [
      `string(${textOf(context, other)})`,
    ]);
  }
  return refuse(context, place, `\`${operator}\` does not go with ${describeType(left.type)} and ${describeType(right.type)}.`);
}

export function checkNegation(operandNode: ASTNode, place: Position, context: Context): Typed {
  const operand = needed(context, context.check(operandNode, context));
  const { type } = operand;
  const { start, end } = place;
  if (type.kind === "unknown") return invalid(place);
  if (type.kind === "int" || type.kind === "double" || type.kind === "duration") return { op: "negate", operand, type, start, end };
  if (type.kind === "decimal" && type.as === "object") return { op: "negate", operand, type, start, end };
  if (type.kind === "bigint") return { op: "negate", operand, type: types.bigint, start, end };
  if (type.kind === "decimal") {
    const text = textOf(context, operand);
    return refuse(context, operand, `\`${text}\` is a decimal, kept as text: calculate with \`decimal(${text})\`.`, [`decimal(${text})`]);
  }
  return refuse(context, operand, `\`-\` does not go with ${describeType(types.present(type))}.`);
}
