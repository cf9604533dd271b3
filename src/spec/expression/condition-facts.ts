import { both, either, type Fact, type Facts, type Literal, noFacts } from "./facts.js";
import { pathOf, type Typed } from "./typed.js";
import type { ValueType } from "./value-type.js";

/** What is known where a condition holds, or where it does not. `depth`: the callbacks that it stands in. */
export function conditionFacts(node: Typed, holds: boolean, depth: number): Facts {
  switch (node.op) {
    case "not":
      return conditionFacts(node.operand, !holds, depth);
    case "and":
    case "or": {
      const left = conditionFacts(node.left, holds, depth);
      const right = conditionFacts(node.right, holds, depth);
      return (node.op === "and") === holds ? both(left, right) : either(left, right);
    }
    case "isNull":
      return known(node.operand, {
        ...(node.negated === holds ? { present: true } : { missing: true }),
        seenAt: seenAt(node.operand, depth),
      });
    case "has":
      return known(node.field, { ...(holds ? { defined: true } : { missing: true }), seenAt: seenAt(node.field, depth) });
    case "inMap": {
      const map = pathOf(node.map);
      const key = pathOf(node.key);
      return holds && map !== undefined && key !== undefined
        ? new Map([[`${map}[${key}]`, { present: true, seenAt: undefined }]])
        : noFacts;
    }
    case "compare": {
      const equal = node.operator === "==" ? holds : node.operator === "!=" ? !holds : undefined;
      return equal === undefined
        ? noFacts
        : both(compared(node.left, node.right, equal, depth), compared(node.right, node.left, equal, depth));
    }
    default:
      return node.type.kind === "bool" ? known(node, { values: [holds], seenAt: undefined }) : noFacts;
  }
}

/** What comparing with `other` says about `node`. */
function compared(node: Typed, other: Typed, equal: boolean, depth: number): Facts {
  if (node.op === "literal") return noFacts;
  const literal = other.op === "literal" ? other.value : undefined;
  if (literal !== undefined && literal !== null) {
    const values = equal ? [literal] : remaining(node.type, literal);
    if (values === undefined) return noFacts;
    return known(node, equal ? { present: true, values, seenAt: seenAt(node, depth) } : { values, seenAt: seenAt(node, depth) });
  }
  // Equal to what is there, so it is there too.
  return equal && other.type.nullable !== true
    ? known(node, { present: true, seenAt: node.type.kind === "timestamp" ? undefined : seenAt(node, depth) })
    : noFacts;
}

function remaining(type: ValueType, excluded: Literal): readonly Literal[] | undefined {
  if (typeof excluded === "boolean") return [!excluded];
  return type.kind === "string" ? type.values?.filter((value) => value !== excluded) : undefined;
}

function known(node: Typed, fact: Fact): Facts {
  const path = pathOf(node);
  return path === undefined || node.op === "literal" ? noFacts : new Map([[path, fact]]);
}

/** TypeScript follows conditions about names and about chains of plain properties. */
function seenAt(node: Typed, depth: number): number | undefined {
  for (let part = node; ; part = part.object) {
    if (part.op === "variable") return depth;
    if (part.op !== "field" || part.assured === true) return undefined;
  }
}
