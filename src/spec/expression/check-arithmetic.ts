// `+`, `-`, `*`, `/`, `%`.

import { isExact, isNumber } from "./check-comparison.js";
import { type Context, invalid, needed, refuse, textOf } from "./context.js";
import { describeType } from "./describe-type.js";
import type { ASTNode } from "./parse.js";
import type { ArithmeticOperator, Domain, Position, Typed } from "./typed.js";
import { unified } from "./unified-type.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

type Pair = readonly [ASTNode, ASTNode];

export function checkArithmetic(operator: ArithmeticOperator, nodes: Pair, place: Position, context: Context): Typed {
  const left = needed(context, context.check(nodes[0], context));
  const right = needed(context, context.check(nodes[1], context));
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
  if (isExact(a) && isExact(b) && operator !== "/" && operator !== "%") return { domain: "decimal", type: types.decimal };
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
