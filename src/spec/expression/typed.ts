// The tree that checking gives and emitting prints: every node with its type and with what its operator means for the
// types at hand.
import type { CallForm } from "./call-form.js";
import type { ValueType } from "./value-type.js";

export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=";
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";

/** How two values are compared: `===` and `<` as they are, instants by time, decimals and big integers exactly. */
export type ComparedAs = "plain" | "time" | "decimal" | "bigint";

/** What an arithmetic operator works on. */
export type Domain = "int" | "double" | "decimal" | "bigint" | "duration" | "shift" | "difference" | "string" | "list";

export interface Position {
  readonly start: number;
  readonly end: number;
}

interface Node extends Position {
  readonly type: ValueType;
  /** Known to be there, but not to TypeScript: emitted as `present(…)`. */
  readonly assured?: boolean;
}

export type Typed = Node &
  (
    | { readonly op: "literal"; readonly value: string | number | boolean | null }
    | { readonly op: "variable"; readonly name: string; readonly local: boolean }
    | { readonly op: "field"; readonly object: Typed; readonly name: string }
    | { readonly op: "has"; readonly field: Typed }
    | { readonly op: "element"; readonly list: Typed; readonly index: Typed }
    /** A row of a `keyBy` load; `sure`: checked by `key in map`. */
    | { readonly op: "entry"; readonly map: Typed; readonly key: Typed; readonly sure: boolean }
    | { readonly op: "jsonMember"; readonly object: Typed; readonly key: Typed }
    | { readonly op: "not"; readonly operand: Typed }
    | { readonly op: "negate"; readonly operand: Typed }
    | { readonly op: "and" | "or"; readonly left: Typed; readonly right: Typed }
    | { readonly op: "conditional"; readonly condition: Typed; readonly then: Typed; readonly otherwise: Typed }
    | { readonly op: "isNull"; readonly operand: Typed; readonly negated: boolean }
    | { readonly op: "compare"; readonly operator: Comparison; readonly left: Typed; readonly right: Typed; readonly as: ComparedAs }
    | {
        readonly op: "arithmetic";
        readonly operator: ArithmeticOperator;
        readonly left: Typed;
        readonly right: Typed;
        readonly domain: Domain;
      }
    /** `direct`: by `includes`; else each element is compared, in a callback. */
    | { readonly op: "inList"; readonly item: Typed; readonly list: Typed; readonly as: ComparedAs; readonly direct: boolean }
    | { readonly op: "inMap"; readonly key: Typed; readonly map: Typed }
    | { readonly op: "call"; readonly name: string; readonly form: CallForm; readonly operands: readonly Typed[] }
    | {
        readonly op: "macro";
        readonly macro: MacroName;
        readonly list: Typed;
        readonly variable: string;
        /** Of `map` with three arguments. */
        readonly where: Typed | undefined;
        readonly body: Typed;
      }
    | { readonly op: "list"; readonly items: readonly Typed[] }
    | { readonly op: "object"; readonly entries: readonly (Position & { readonly name: string; readonly value: Typed })[] }
    | { readonly op: "invalid" }
  );

export type MacroName = "all" | "exists" | "exists_one" | "map" | "filter";

/** The path that facts are kept under: `command.note`, `levels[l.sku]`; undefined where a value has no path. */
export function pathOf(node: Typed): string | undefined {
  switch (node.op) {
    case "variable":
      return node.name;
    case "literal":
      return JSON.stringify(node.value);
    case "field": {
      const object = pathOf(node.object);
      return object === undefined ? undefined : `${object}.${node.name}`;
    }
    case "entry": {
      const map = pathOf(node.map);
      const key = pathOf(node.key);
      return map === undefined || key === undefined ? undefined : `${map}[${key}]`;
    }
    case "jsonMember": {
      const object = pathOf(node.object);
      const key = pathOf(node.key);
      return object === undefined || key === undefined ? undefined : `${object}[${key}]`;
    }
    default:
      return undefined;
  }
}
