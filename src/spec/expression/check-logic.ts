// `&&`, `||`, `!` and `?:`.

import { conditionFacts } from "./condition-facts.js";
import { type Context, needed, refuse, report, textOf } from "./context.js";
import { describeType } from "./describe-type.js";
import { both } from "./facts.js";
import type { ASTNode } from "./parse.js";
import type { Position, Typed } from "./typed.js";
import { asWritten, unified } from "./unified-type.js";
import * as types from "./value-type.js";

type Pair = readonly [ASTNode, ASTNode];

export function checkLogic(op: "and" | "or", nodes: Pair, place: Position, context: Context): Typed {
  const operator = op === "and" ? "&&" : "||";
  const left = truth(context.check(nodes[0], context), context, operator);
  const facts = both(context.facts, conditionFacts(left, op === "and", context.depth));
  const inside = { ...context, facts };
  const right = truth(context.check(nodes[1], inside), inside, operator);
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

export function checkConditional(nodes: readonly [ASTNode, ASTNode, ASTNode], place: Position, context: Context): Typed {
  const condition = truth(context.check(nodes[0], context), context, "?");
  const branch = (node: ASTNode, holds: boolean) =>
    context.check(node, { ...context, facts: both(context.facts, conditionFacts(condition, holds, context.depth)) });
  const then = branch(nodes[1], true);
  const otherwise = branch(nodes[2], false);
  const type = unified(asWritten(then, otherwise.type), asWritten(otherwise, then.type));
  if (type === undefined) {
    return refuse(context, place, `The two branches differ: ${describeType(then.type)} and ${describeType(otherwise.type)}.`);
  }
  return { op: "conditional", condition, then, otherwise, type, start: place.start, end: place.end };
}
