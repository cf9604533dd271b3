import type { Typed } from "../spec/expression/typed.js";

/** An expression and all that it is made of. */
export function* typedNodes(tree: Typed): Iterable<Typed> {
  yield tree;
  for (const part of Object.values(tree)) yield* nodesIn(part);
}

function* nodesIn(part: unknown): Iterable<Typed> {
  if (Array.isArray(part)) for (const item of part) yield* nodesIn(item);
  else if (isTyped(part)) yield* typedNodes(part);
  else if (typeof part === "object" && part !== null && "value" in part && isTyped(part.value)) yield* typedNodes(part.value);
}

function isTyped(part: unknown): part is Typed {
  return typeof part === "object" && part !== null && "op" in part && "type" in part;
}
