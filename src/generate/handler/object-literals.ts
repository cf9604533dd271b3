import { ts } from "ts-morph";
import { constantOf, functionOf, type NamedFunction, unwrap } from "./resolve-name.js";

/** The object literals that an expression's value is made by. */
export interface Literals {
  readonly objects: readonly {
    readonly object: ts.ObjectLiteralExpression;
    /** It is nothing else besides, so that a member too many has no reason to be there. */
    readonly exact: boolean;
  }[];
  /** Where the value comes from somewhere that cannot be followed: another module, a parameter, a call. */
  readonly unseen: readonly ts.Expression[];
}

const nothing: Literals = { objects: [], unseen: [] };

/** Follows conditions, constants of the file and, for a list, its elements and the callbacks of `map` and `flatMap`. */
export function literalsOf(expression: ts.Expression, many = false): Literals {
  const value = unwrap(expression);
  if (ts.isConditionalExpression(value)) return join([value.whenTrue, value.whenFalse].map((each) => literalsOf(each, many)));
  if (ts.isBinaryExpression(value)) {
    const { kind } = value.operatorToken;
    if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return literalsOf(value.right, many);
    if (kind === ts.SyntaxKind.BarBarToken || kind === ts.SyntaxKind.QuestionQuestionToken)
      return join([value.left, value.right].map((each) => literalsOf(each, many)));
  }
  if (isEmpty(value) || givesUp(value)) return nothing;
  if (ts.isObjectLiteralExpression(value) && !many) return { objects: [{ object: value, exact: true }], unseen: [] };
  if (ts.isArrayLiteralExpression(value) && many)
    return join(value.elements.map((each) => (ts.isSpreadElement(each) ? literalsOf(each.expression, true) : literalsOf(each))));
  if (ts.isIdentifier(value)) {
    const constant = constantOf(value);
    if (constant !== undefined) return inexact(literalsOf(constant, many));
  }
  if (ts.isCallExpression(value)) {
    const callback = many ? callbackOf(value) : undefined;
    if (callback !== undefined)
      return inexact(join(returnsOf(callback.function).map((each) => literalsOf(each, callback.flat && isList(each)))));
    const [resolved] = value.arguments;
    if (resolved !== undefined && value.expression.getText() === "Promise.resolve") return literalsOf(resolved, many);
  }
  return { objects: [], unseen: [value] };
}

/** What a function returns, in the order of the file; functions inside of it are left out. */
export function returnsOf(of: NamedFunction): readonly ts.Expression[] {
  const { body } = of;
  if (body === undefined) return [];
  if (!ts.isBlock(body)) return [body];
  const returned: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression !== undefined) returned.push(node.expression);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return returned;
}

/** `reject(…)`, `input.reject(…)`, `notImplemented(…)`: calls that never return. */
function givesUp(value: ts.Expression): boolean {
  if (!ts.isCallExpression(value)) return false;
  const called = value.expression;
  const name = ts.isPropertyAccessExpression(called) ? called.name.text : ts.isIdentifier(called) ? called.text : "";
  return name === "reject" || name === "notImplemented";
}

function isEmpty(value: ts.Expression): boolean {
  return (
    value.kind === ts.SyntaxKind.NullKeyword ||
    value.kind === ts.SyntaxKind.FalseKeyword ||
    (ts.isIdentifier(value) && value.text === "undefined")
  );
}

function callbackOf({ expression, arguments: [callback] }: ts.CallExpression) {
  if (!ts.isPropertyAccessExpression(expression) || callback === undefined) return undefined;
  const flat = expression.name.text === "flatMap";
  const found = flat || expression.name.text === "map" ? functionOf(callback) : undefined;
  return found === undefined ? undefined : { function: found, flat };
}

function isList(expression: ts.Expression): boolean {
  return ts.isArrayLiteralExpression(unwrap(expression));
}

function inexact({ objects, unseen }: Literals): Literals {
  return { objects: objects.map(({ object }) => ({ object, exact: false })), unseen };
}

function join(all: readonly Literals[]): Literals {
  return { objects: all.flatMap(({ objects }) => objects), unseen: all.flatMap(({ unseen }) => unseen) };
}
