import type { CheckedExpression } from "../spec/expression/check.js";
import type { Comparison, Typed } from "../spec/expression/typed.js";

/** Whether it is plain from their form that two conditions never hold together: `a` and `!a`, `x < y` and `x >= y`. */
export function excludeEachOther(a: CheckedExpression, b: CheckedExpression): boolean {
  if (a.tree === undefined || b.tree === undefined) return false;
  const left = conjuncts(a.tree).map((tree) => ({ tree, source: a.source }));
  const right = conjuncts(b.tree).map((tree) => ({ tree, source: b.source }));
  return left.some((one) => right.some((other) => areOpposite(one, other) || areOpposite(other, one)));
}

interface Part {
  readonly tree: Typed;
  readonly source: string;
}

function conjuncts(tree: Typed): readonly Typed[] {
  return tree.op === "and" ? [...conjuncts(tree.left), ...conjuncts(tree.right)] : [tree];
}

const excluded: Readonly<Record<Comparison, readonly Comparison[]>> = {
  "==": ["!=", "<", ">"],
  "!=": ["=="],
  "<": [">", ">=", "=="],
  "<=": [">"],
  ">": ["<", "<=", "=="],
  ">=": ["<"],
};

function areOpposite({ tree: a, source: inA }: Part, { tree: b, source: inB }: Part): boolean {
  const same = (x: Typed, y: Typed) => textOf(x, inA) === textOf(y, inB);
  if (a.op === "not") return same(a.operand, b);
  if (a.op === "isNull" && b.op === "isNull") return a.negated !== b.negated && same(a.operand, b.operand);
  if (a.op !== "compare" || b.op !== "compare" || !same(a.left, b.left)) return false;
  if (same(a.right, b.right)) return excluded[a.operator].includes(b.operator);
  // Two values at once: `x == 'a'` and `x == 'b'`.
  return a.operator === "==" && b.operator === "==" && a.right.op === "literal" && b.right.op === "literal";
}

function textOf({ start, end }: Typed, source: string): string {
  let text = source.slice(start, end).replace(/\s+/g, " ").trim();
  while (text.startsWith("(") && text.endsWith(")") && isOnePair(text)) text = text.slice(1, -1).trim();
  return text;
}

/** `(a || b)`, not `(a) || (b)`. */
function isOnePair(text: string): boolean {
  let depth = 0;
  for (const [index, character] of [...text].entries()) {
    if (character === "(") depth++;
    if (character === ")") depth--;
    if (depth === 0 && index < text.length - 1) return false;
  }
  return depth === 0;
}
