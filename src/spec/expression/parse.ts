import { type ASTNode, Environment, ParseError } from "@marcbachmann/cel-js";
import { createMemo } from "../memo.js";

export type { ASTNode };

/** A place in the source of an expression: offsets in UTF-16 units, the end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface SyntaxProblem extends Span {
  readonly message: string;
}

export type Parsed = { readonly ast: ASTNode } | { readonly problem: SyntaxProblem };

/** Longer expressions belong into a check of the handler file. */
export const longestSource = 4_096;
/** Nodes below nodes: keeps every walk over a tree far from the end of the stack. */
const deepest = 200;

const environment = new Environment({
  limits: { maxAstNodes: 2_000, maxDepth: 60, maxListElements: 500, maxMapEntries: 200, maxCallArguments: 16 },
});

/** Projects say the same in many places (`command.id`), and one run asks for the same expression several times. */
const parsed = createMemo<Parsed>(500);

/** Parses CEL; never throws. Values are not looked at, nor are names. */
export function parseExpression(source: string): Parsed {
  return parsed(source, () => parse(source));
}

function parse(source: string): Parsed {
  const whole = { start: 0, end: source.length };
  if (source.trim() === "") return { problem: { message: "The expression is empty.", ...whole } };
  if (source.length > longestSource) {
    const message = `The expression is longer than ${longestSource} characters: move it into a check of the handler file.`;
    return { problem: { message, ...whole } };
  }
  try {
    const { ast } = environment.parse(source);
    // Each step down takes a character at least.
    const isTooDeep = source.length > deepest && depthOf(ast) > deepest;
    return isTooDeep ? { problem: { message: "The expression is nested too deeply.", ...whole } } : { ast };
  } catch (error) {
    if (error instanceof ParseError) return { problem: explain(source, error) };
    // What is left is a stack that ran out on thousands of prefix operators.
    return { problem: { message: "The expression is nested too deeply.", ...whole } };
  }
}

function explain(source: string, error: ParseError): SyntaxProblem {
  const { start, end } = span(source, error.range);
  const found = source.slice(Math.min(error.range?.start ?? 0, source.length));
  const foreign = foreignForms.find(
    ({ at, before }) => at.test(found) && (before === undefined || before.test(source.slice(0, source.length - found.length))),
  );
  if (foreign !== undefined) {
    const text = foreign.at.exec(found)?.[0] ?? "";
    return { message: foreign.message, start, end: Math.max(end, start + text.length) };
  }
  return { message: inWords(error, found === "" ? "" : source.slice(start, end)), start, end };
}

/** Forms of other languages, and what CEL has instead; `before` is what stands in front. */
const foreignForms: readonly { readonly at: RegExp; readonly before?: RegExp; readonly message: string }[] = [
  { at: /^=/, before: /[=!]=\s*$/, message: "CEL has no `===`: write `==` or `!=`." },
  { at: /^=>/, message: "CEL has no arrow functions: write `lines.all(l, l.quantity > 0)`." },
  { at: /^=/, message: "CEL has no assignment: to compare, write `==`." },
  { at: /^&/, message: "Write `&&`." },
  { at: /^\|/, message: "Write `||`." },
  { at: /^and\b/i, message: "Write `&&` instead of `and`." },
  { at: /^or\b/i, message: "Write `||` instead of `or`." },
  { at: /^[\w'"]/, before: /(^|\W)not\s+$/i, message: "Write `!` instead of `not`." },
  { at: /^is\b/i, message: "Write `==` or `!=` instead of `is`." },
  { at: /^\?/, before: /\?$/, message: "CEL has no `??`: write `x == null ? other : x`." },
  { at: /^\./, before: /\?$/, message: "CEL has no `?.`: write `x == null ? null : x.y`, or check `x != null` first." },
  { at: /^[`]/, message: "Text stands in single or double quotes." },
  { at: /^[\u2018\u2019\u201c\u201d]/, message: "Text stands in straight quotes: ' or \"." },
];

const tokens: Readonly<Record<string, string>> = {
  EOF: "the end",
  RPAREN: "`)`",
  LPAREN: "`(`",
  RBRACKET: "`]`",
  LBRACKET: "`[`",
  RBRACE: "`}`",
  LBRACE: "`{`",
  COLON: "`:`",
  COMMA: "`,`",
  DOT: "`.`",
  IDENTIFIER: "a name",
};

function inWords({ code, summary }: ParseError, found: string): string {
  const here = found.trim() === "" ? "the end of the expression" : `\`${found}\``;
  switch (code) {
    case "expected_token": {
      const expected = /Expected (\w+)/.exec(summary)?.[1] ?? "";
      return `Expected ${tokens[expected] ?? expected.toLowerCase()}, found ${here}.`;
    }
    case "unexpected_token":
      return found.trim() === "" ? "The expression ends too early." : `A value was expected, found ${here}.`;
    case "unexpected_character":
      return `${here} was not expected here.`;
    case "reserved_identifier":
      return `${here} is a word that CEL reserves.`;
    case "unterminated_string":
    case "unterminated_triple_quoted_string":
      return "The text has no closing quote.";
    case "newline_in_string":
      return "Text in single quotes cannot go over a line's end: write \\n.";
    case "invalid_macro_argument":
      return "The first argument must be a plain name, for each element in turn: `lines.all(l, l.quantity > 0)`.";
    case "limit_exceeded":
      return "The expression is too large: move it into a check of the handler file.";
    default:
      return `${summary.replace(/\.$/, "")}.`;
  }
}

function span(source: string, range: Span | undefined): Span {
  const start = Math.min(Math.max(range?.start ?? 0, 0), source.length);
  const end = Math.min(Math.max(range?.end ?? start, start), source.length);
  // A problem at the very end is shown on the last character.
  return start === end ? { start: Math.max(0, start - 1), end: Math.max(end, 1) } : { start, end };
}

/** Without recursion, because the tree may be the deep one that it is there to refuse. */
function depthOf(ast: ASTNode): number {
  let deepestSeen = 0;
  const open: (readonly [node: unknown, depth: number])[] = [[ast, 1]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, depth] = next;
    deepestSeen = Math.max(deepestSeen, depth);
    if (Array.isArray(node)) for (const child of node) open.push([child, depth]);
    else if (isNode(node)) {
      const children: unknown = node.args;
      for (const child of Array.isArray(children) ? children : [children]) {
        if (Array.isArray(child)) open.push([child, depth]);
        else if (isNode(child)) open.push([child, depth + 1]);
      }
    }
  }
  return deepestSeen;
}

export function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "op" in value && "args" in value;
}
