import { checkElement, checkField, checkName } from "./access.js";
import { checkAssignable } from "./assign.js";
import { checkCall, checkMethod } from "./calls.js";
import { checkArithmetic, checkNegation } from "./check-arithmetic.js";
import { checkComparison } from "./check-comparison.js";
import { checkConditional, checkLogic, checkNot } from "./check-logic.js";
import { checkIn } from "./check-membership.js";
import { type Context, type ExpressionProblem, invalid, type Names, needed, refuse, report } from "./context.js";
import { type Facts, type Guarantee, noFacts } from "./facts.js";
import { type ASTNode, parseExpression } from "./parse.js";
import type { Typed } from "./typed.js";
import { unified } from "./unified-type.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

export type { ExpressionProblem } from "./context.js";

/** What `expressionScope` gives. */
export interface CheckScope {
  readonly variables: Names;
  readonly facts?: Facts;
  readonly guarantees?: readonly Guarantee[];
}

export interface CheckedExpression {
  readonly source: string;
  /** In the order of the source; none means that it can be emitted. */
  readonly problems: readonly ExpressionProblem[];
  /** `unknown` where the expression is not sound. */
  readonly type: ValueType;
  /** The variables that it reads: `command`, `now`, loads by name. */
  readonly roots: ReadonlySet<string>;
  readonly expected: ValueType | undefined;
  /** What `emitExpression` prints; undefined if it does not parse. */
  readonly tree: Typed | undefined;
}

/**
 * Parses and types an expression and reports every mistake; never throws.
 *
 * @param source CEL, as the YAML reader gives it
 * @param scope what may be named, see `expressionScope`
 * @param expected what its place expects, see `expectedType`; without it any type will do
 * @param facts what is known there
 */
export function checkExpression(
  source: string,
  scope: CheckScope,
  expected?: ValueType,
  facts: Facts = scope.facts ?? noFacts,
): CheckedExpression {
  const problems: ExpressionProblem[] = [];
  const context: Context = {
    source,
    variables: scope.variables,
    facts,
    guarantees: scope.guarantees ?? [],
    locals: noLocals,
    depth: 0,
    problems,
    roots: new Set(),
    check,
  };
  const parsed = parseExpression(source);
  if ("problem" in parsed) {
    const problem: ExpressionProblem = { kind: "syntax", ...parsed.problem };
    return { source, problems: [problem], type: types.unknown, roots: context.roots, expected, tree: undefined };
  }
  const tree = check(parsed.ast, context);
  if (expected !== undefined && problems.length === 0) checkAssignable(tree, expected, context);
  if (expected === undefined && problems.length === 0 && tree.type.kind === "null") report(context, tree, "This is null alone.");
  if (problems.length > 1) problems.sort((a, b) => a.start - b.start || a.end - b.end);
  const type = isSound(problems) ? tree.type : types.unknown;
  return { source, problems, type, roots: context.roots, expected, tree };
}

/** Whether an expression has sense in itself, whatever its place expects. */
export function isSound(problems: readonly ExpressionProblem[]): boolean {
  return problems.length === 0 || problems.every(({ kind }) => kind === "mismatch" || kind === "missing");
}

const noLocals: Context["locals"] = new Map();

function check(node: ASTNode, context: Context): Typed {
  switch (node.op) {
    case "value":
      return checkLiteral(node.args, node, context);
    case "id":
      return checkName(node, context);
    case ".":
    case ".?":
      return checkField(node, context);
    case "[]":
    case "[?]":
      return checkElement(node, context);
    case "call":
      return checkCall(node.args[0], node.args[1], node, context);
    case "rcall":
      return checkMethod(node.args[0], node.args[1], node.args[2], node, context);
    case "list":
      return checkList(node.args, node, context);
    case "map":
      return checkObject(node.args, node, context);
    case "?:":
      return checkConditional(node.args, node, context);
    case "&&":
      return checkLogic("and", node.args, node, context);
    case "||":
      return checkLogic("or", node.args, node, context);
    case "!_":
      return checkNot(node.args, node, context);
    case "-_":
      return checkNegation(node.args, node, context);
    case "in":
      return checkIn(node.args, node, context);
    case "==":
    case "!=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      return checkComparison(node.op, node.args, node, context);
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return checkArithmetic(node.op, node.args, node, context);
  }
}

function checkLiteral(value: unknown, node: ASTNode, context: Context): Typed {
  const { start, end } = node;
  if (value === null) return { op: "literal", value, type: types.nullType, start, end };
  if (typeof value === "boolean") return { op: "literal", value, type: types.bool, start, end };
  if (typeof value === "string") return { op: "literal", value, type: types.oneText(value), start, end };
  if (typeof value === "number") return { op: "literal", value, type: types.double, start, end };
  if (typeof value === "bigint") {
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      return refuse(context, node, "An integer above 9007199254740991 is not exact in JavaScript.", [`bigint('${value}')`]);
    return { op: "literal", value: Number(value), type: types.int, start, end };
  }
  return refuse(
    context,
    node,
    value instanceof Uint8Array ? "Bytes are not supported: write text." : "There are no unsigned integers here: leave out the `u`.",
  );
}

function checkList(nodes: readonly ASTNode[], { start, end }: ASTNode, context: Context): Typed {
  const items = nodes.map((node) => context.check(node, context));
  for (const item of items) if (item.type.optional === true) needed(context, item);
  let type: ValueType | undefined = items[0]?.type;
  for (const item of items.slice(1)) {
    const joined = type === undefined ? item.type : unified(type, item.type);
    if (joined === undefined) return refuse(context, item, "The elements of a list must be of one type.");
    type = joined;
  }
  return { op: "list", items, type: types.listOf(type ?? types.unknown), start, end };
}

/** A map literal is an object with named fields. */
function checkObject(nodes: readonly (readonly [ASTNode, ASTNode])[], { start, end }: ASTNode, context: Context): Typed {
  const entries: { name: string; value: Typed; start: number; end: number }[] = [];
  let sound = true;
  for (const [keyNode, valueNode] of nodes) {
    const value = context.check(valueNode, context);
    if (keyNode.op !== "value" || typeof keyNode.args !== "string") {
      sound = false;
      const suggestions = keyNode.op === "id" ? [`'${keyNode.args}'`] : [];
      report(context, keyNode, "The name of a field is text in quotes.", suggestions);
      continue;
    }
    const name = keyNode.args;
    if (name === "__proto__" || entries.some((entry) => entry.name === name)) {
      sound = false;
      report(context, keyNode, name === "__proto__" ? "A field cannot have this name." : `The field \`${name}\` is there twice.`);
    }
    entries.push({ name, value, start: keyNode.start, end: keyNode.end });
  }
  if (!sound) return invalid({ start, end });
  const type = types.objectOf(entries.map(({ name, value }) => [name, value.type]));
  return { op: "object", entries, type, start, end };
}
