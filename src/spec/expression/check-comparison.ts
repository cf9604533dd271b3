// `==`, `!=`, `<` and the like: which values can be compared, and as what.

import { nearest } from "../suggest.js";
import type { Complaint } from "./call-form.js";
import { type Context, factAbout, invalid, needed, refuse, report, textOf } from "./context.js";
import { describeType, oneOf } from "./describe-type.js";
import type { Literal } from "./facts.js";
import { inspectDate, inspectUuid } from "./literals.js";
import type { ASTNode } from "./parse.js";
import type { ComparedAs, Comparison, Position, Typed } from "./typed.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

type Pair = readonly [ASTNode, ASTNode];

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
  if (mustBeThere(left.type, equality)) needed(context, left);
  if (mustBeThere(right.type, equality)) needed(context, right);
  const as = comparedAs(left, right, equality, place, context);
  if (as === undefined) return { ...invalid(place), type: types.bool };
  return { op: "compare", operator, left, right, as, type: types.bool, start, end };
}

/** In CEL `null == 'x'` is false, and an absent field is an error. */
function mustBeThere(type: ValueType, equality: boolean): boolean {
  return type.optional === true || (type.nullable === true && (!equality || isConverted(type)));
}

/** Held as text but compared as a number or an instant, so that null cannot be passed through. */
function isConverted(type: ValueType): boolean {
  return (type.kind === "timestamp" && type.as !== "Date") || (type.kind === "bigint" && type.as === "string") || type.kind === "decimal";
}

function comparedWithNull(operand: Typed, negated: boolean, place: Position, context: Context): Typed {
  const result: Typed = { op: "isNull", operand, negated, type: types.bool, start: place.start, end: place.end };
  const fact = factAbout(context, operand);
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
    const type = operand.local ? context.locals.get(operand.name) : context.variables.type(operand.name);
    return type !== undefined && types.mayMiss(type);
  }
  if (operand.op !== "field" || operand.object.type.kind !== "object") return false;
  const field = operand.object.type.fields.get(operand.name);
  return field !== undefined && types.mayMiss(field);
}

/** `order.status == paid`: the literal lacks its quotes. */
function unquotedLiteral(nodes: Pair, context: Context): Typed | undefined {
  return withoutQuotes(nodes[1], nodes[0], context) ?? withoutQuotes(nodes[0], nodes[1], context);
}

function withoutQuotes(node: ASTNode, otherNode: ASTNode, context: Context): Typed | undefined {
  if (node.op !== "id" || context.locals.has(node.args) || context.variables.type(node.args) !== undefined) return undefined;
  const other = context.check(otherNode, { ...context, problems: [] });
  if (other.type.kind !== "string" || !other.type.values?.includes(node.args)) return undefined;
  context.check(otherNode, context);
  return refuse(context, node, `Text stands in quotes: '${node.args}'.`, [`'${node.args}'`]);
}

/** How the two are compared, or undefined after a report. */
export function comparedAs(left: Typed, right: Typed, equality: boolean, place: Position, context: Context): ComparedAs | undefined {
  const a = left.type;
  const b = right.type;
  if (equality && (a.kind === "opaque" || b.kind === "opaque")) return "plain";
  if (a.kind === "json" || b.kind === "json") return comparedJson(left, right, equality, context);
  if (isNumber(a) && isNumber(b)) return contradiction(left, right, equality, context) ? undefined : "plain";
  if (a.kind === "decimal" || b.kind === "decimal") return comparedDecimal(left, right, context);
  if (a.kind === "string" && b.kind === "string") return comparedText(left, right, equality, place, context);
  if (a.kind === "timestamp" && b.kind === "timestamp") return "time";
  return comparedOthers(left, right, equality, place, context);
}

function comparedOthers(left: Typed, right: Typed, equality: boolean, place: Position, context: Context): ComparedAs | undefined {
  const a = left.type;
  const b = right.type;
  const say = (message: string, suggestions: readonly string[] = [], at: Position = place): undefined => {
    report(context, at, message, suggestions);
  };
  const kinds = (one: ValueType["kind"], other: ValueType["kind"]) =>
    (a.kind === one && b.kind === other) || (a.kind === other && b.kind === one);
  const literalOf = (kind: ValueType["kind"]) => [left, right].find((node) => node.op === "literal" && typeof node.value === kind);

  if (kinds("bigint", "bigint") || kinds("bigint", "int")) return "bigint";
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

export function isNumber({ kind }: ValueType): boolean {
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

/** What decimals calculate with, and are compared with. */
export function isExact(type: ValueType): boolean {
  return type.kind === "int" || (type.kind === "decimal" && type.as === "object");
}

function comparedDecimal(left: Typed, right: Typed, context: Context): ComparedAs | undefined {
  if (isExact(left.type) && isExact(right.type)) return "decimal";
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

function comparedText(left: Typed, right: Typed, equality: boolean, place: Position, context: Context): ComparedAs | undefined {
  const a = left.type;
  const b = right.type;
  if (a.kind !== "string" || b.kind !== "string") return undefined;
  if (!equality) {
    const choice = [left, right].find((side) => side.op !== "literal" && side.type.kind === "string" && side.type.values !== undefined);
    if (choice === undefined) return "plain";
    report(context, place, `\`${textOf(context, choice)}\` is ${describeType(choice.type)}: these have no order.`);
    return undefined;
  }
  if (refuseLiteral(left, right, context) || refuseLiteral(right, left, context)) return undefined;
  if (a.values !== undefined && b.values !== undefined && !a.values.some((value) => b.values?.includes(value))) {
    report(context, place, `\`${textOf(context, place)}\`: ${oneOf(a.values)} can never be ${oneOf(b.values)}.`);
    return undefined;
  }
  return "plain";
}

/** Reports a literal that the other side can never be. */
function refuseLiteral(side: Typed, other: Typed, context: Context): boolean {
  const complaint = side.op === "literal" && typeof side.value === "string" ? literalComplaint(side.value, other, context) : undefined;
  if (complaint === undefined) return false;
  report(context, side, complaint.message, complaint.suggestions);
  return true;
}

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
        : context.variables.type(node.name)
      : node.op === "field" && node.object.type.kind === "object"
        ? node.object.type.fields.get(node.name)
        : undefined;
  return type?.kind === "string" ? (type.values ?? undefined) : undefined;
}

/** `2 == 3`, `x == 2 && x == 3`: the compiler would refuse it too. */
function contradiction(left: Typed, right: Typed, equality: boolean, context: Context): boolean {
  if (!equality) return false;
  const a = possibleValues(left, context);
  const b = a && possibleValues(right, context);
  if (a === undefined || b === undefined || a.some((value) => b.includes(value))) return false;
  const [side, other, values] = left.op === "literal" ? [right, left, b] : [left, right, a];
  if (side.op === "literal") report(context, { start: left.start, end: right.end }, "These are never equal.");
  else report(context, other, `Here \`${textOf(context, side)}\` is ${values.join(" or ")}, so it can never be ${textOf(context, other)}.`);
  return true;
}

function possibleValues(node: Typed, context: Context): readonly Literal[] | undefined {
  if (node.op === "literal" && node.value !== null) return [node.value];
  return factAbout(context, node)?.values;
}
