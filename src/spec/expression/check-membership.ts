// `in`.

import { comparedAs, isNumber } from "./check-comparison.js";
import { type Context, invalid, needed, refuse, textOf } from "./context.js";
import { sameHeld } from "./convert.js";
import { describeType } from "./describe-type.js";
import type { ASTNode } from "./parse.js";
import type { ComparedAs, Position, Typed } from "./typed.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

type Pair = readonly [ASTNode, ASTNode];

export function checkIn(nodes: Pair, place: Position, context: Context): Typed {
  const item = context.check(nodes[0], context);
  const container = needed(context, context.check(nodes[1], context));
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
    const as = container.items.map((one) => (one.type.kind === "unknown" ? "plain" : comparedAs(item, one, true, one, context)));
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
    const compared = direct ? item : context.check(nodes[0], { ...context, depth: context.depth + 1, problems: [] });
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
  const as = comparedAs(item, element, true, place, context);
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
