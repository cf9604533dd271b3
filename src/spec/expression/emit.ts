import type { CheckedExpression } from "./check.js";
import {
  arrow,
  asBody,
  at,
  binary,
  type Code,
  call,
  chain,
  conditional,
  levels,
  literal,
  memberBase,
  method,
  negated,
  objectLiteral,
  primary,
  property,
} from "./code.js";
import { convert, sameHeld } from "./convert.js";
import { LocalNames } from "./local-names.js";
import { pathOf, type Typed } from "./typed.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

export interface EmittedExpression {
  /** A TypeScript expression, good as the body of an arrow function. Loads stand under their own name. */
  readonly code: string;
  /** The variables that the code names: what its function must be given. */
  readonly roots: ReadonlySet<string>;
  /** What the code imports from `usecasecore/expression`; `decimal as decimal_` where a load has the helper's name. */
  readonly helpers: ReadonlySet<string>;
}

/**
 * Prints a checked expression as TypeScript that is valid under `strict`, `noUncheckedIndexedAccess` and
 * `exactOptionalPropertyTypes`. The value is held as `expected` has it (a `Date` becomes RFC 3339 text for a timestamp
 * field); without `expected`, as the expression itself gives it.
 *
 * @throws Error if the expression has problems: lint reports them, and what has problems is never emitted
 */
export function emitExpression(checked: CheckedExpression, expected: ValueType | undefined = checked.expected): EmittedExpression {
  if (checked.tree === undefined || checked.problems.length > 0) throw new Error(`The expression \`${checked.source}\` is not sound.`);
  const names = new LocalNames(checked.roots);
  const code = expected === undefined ? emit(checked.tree, names) : emitAs(checked.tree, expected, names);
  return { code: asBody(code), roots: checked.roots, helpers: names.imports };
}

/** The value as its own type holds it. */
function emit(node: Typed, names: LocalNames): Code {
  const code = bare(node, names);
  return node.assured === true && !isClaim(node) ? call(names.helper("present"), code) : code;
}

/** The value as `target` holds it. Goes into branches, lists and objects, where converting reads better than afterwards. */
function emitAs(node: Typed, target: ValueType, names: LocalNames): Code {
  if (node.op === "conditional") {
    const fallback = emitFallback(node, target, names);
    if (fallback !== undefined) return fallback;
    return conditional(emit(node.condition, names), emitAs(node.then, target, names), emitAs(node.otherwise, target, names));
  }
  if (node.op === "list" && target.kind === "list") {
    return primary(`[${node.items.map((item) => emitAs(item, target.items, names).text).join(", ")}]`);
  }
  if (node.op === "object" && target.kind === "object") {
    return objectLiteral(node.entries.map(({ name, value }) => [name, emitAs(value, target.fields.get(name) ?? value.type, names)]));
  }
  if (node.op === "object" && target.kind === "json") return emitAs(node, types.wireType(node.type), names);
  if (node.op === "macro" && node.macro === "map" && target.kind === "list") return emitMacro(node, names, target.items);
  if (node.op === "call" && node.name === "decimal" && target.kind === "decimal" && target.as === "string") {
    const [made] = node.operands;
    // Made from what is a decimal's text already: then that is it.
    if (made !== undefined && ((made.type.kind === "decimal" && made.type.as === "string") || made.op === "literal"))
      return emitAs(made, target, names);
  }
  if (node.op === "literal") return literalAs(node.value, target, names);
  return convert(emit(node, names), node.type, target, names);
}

/** `has(x) ? x : y` is `x ?? y`, where x cannot be missing in the other way. */
function emitFallback(
  { condition, then, otherwise }: Typed & { readonly op: "conditional" },
  target: ValueType,
  names: LocalNames,
): Code | undefined {
  const tested = condition.op === "has" ? condition.field : condition.op === "isNull" ? condition.operand : undefined;
  if (tested === undefined || isClaim(tested) || tested.type.kind === "json") return undefined;
  const holds = condition.op === "has" || (condition.op === "isNull" && condition.negated);
  const [value, other] = holds ? [then, otherwise] : [otherwise, then];
  const path = pathOf(tested);
  const { nullable, optional } = declaredType(tested);
  if (path === undefined || pathOf(value) !== path || (nullable === true && optional === true) || other.type.kind === "null")
    return undefined;
  if (!sameHeld(types.present(tested.type), target)) return undefined;
  return binaryOf(bareEntry(tested, names), "??", emitAs(other, target, names));
}

/** `??` does not stand beside `&&` and `||` without parentheses. */
function binaryOf(left: Code, operator: "??", right: Code): Code {
  return { text: `${at(left, levels.equality)} ${operator} ${at(right, levels.equality)}`, level: levels.nullish };
}

function literalAs(value: string | number | boolean | null, target: ValueType, names: LocalNames): Code {
  if (typeof value === "number" && target.kind === "bigint") return primary(target.as === "bigint" ? `${value}n` : literal(String(value)));
  if (typeof value === "number" && (target.kind === "decimal" || target.kind === "key")) return primary(literal(String(value)));
  if (typeof value === "string" && target.kind === "decimal" && target.as === "object")
    return call(names.helper("decimal"), primary(literal(value)));
  const date = (target.kind === "timestamp" || target.kind === "date") && target.as === "Date";
  return primary(typeof value === "string" && date ? `new Date(${literal(value)})` : literal(value));
}

function bare(node: Typed, names: LocalNames): Code {
  switch (node.op) {
    case "literal":
      return primary(literal(node.value));
    case "variable":
      return primary(node.local ? names.local(node.name) : node.name);
    case "field":
      return emitField(node, names);
    case "has":
      return emitHas(node.field, false, names);
    case "element":
      return call(names.helper("elementOf"), emit(node.list, names), emit(node.index, names));
    case "entry": {
      const map = emit(node.map, names);
      const key = keyOf(node.map, node.key, names);
      return node.sure ? call(names.helper("entryOf"), map, key) : method(map, "get", key);
    }
    case "jsonMember":
      return isClaims(node.object)
        ? call(names.helper("claim"), primary("actor"), emit(node.key, names))
        : call(names.helper("jsonMember"), emit(node.object, names), emit(node.key, names));
    case "not":
      return emitNot(node.operand, names);
    case "negate":
      return emitNegation(node.operand, names);
    case "and":
      return chain(emit(node.left, names), "&&", emit(node.right, names));
    case "or":
      return chain(emit(node.left, names), "||", emit(node.right, names));
    case "conditional":
      return emitAs(node, node.type, names);
    case "isNull":
      return emitIsNull(node.operand, node.negated, names);
    case "compare":
      return emitComparison(node, node.operator, names);
    case "arithmetic":
      return emitArithmetic(node, names);
    case "inList":
      return emitInList(node, names);
    case "inMap":
      return method(emit(node.map, names), "has", keyOf(node.map, node.key, names));
    case "call":
      return node.form.code(
        node.operands.map((operand) => (node.form.asHeld ? emit(operand, names) : calculated(operand, names))),
        names.helper,
      );
    case "macro":
      return emitMacro(node, names);
    case "list":
      return primary(
        `[${node.items.map((item) => (node.type.kind === "list" ? emitAs(item, node.type.items, names) : emit(item, names)).text).join(", ")}]`,
      );
    case "object":
      return objectLiteral(node.entries.map(({ name, value }) => [name, emit(value, names)]));
    case "invalid":
      throw new Error("A node that is not sound cannot be emitted.");
  }
}

// --------------------------------------------------------------------------------------------------- fields and presence

function emitField(node: Typed & { readonly op: "field" }, names: LocalNames): Code {
  if (isClaim(node)) return emitClaim(node, names);
  const code = property(emit(node.object, names), node.name);
  // An actor need not have roles or claims; then there are none.
  if (isActorField(node, "roles")) return { text: `${code.text} ?? []`, level: levels.nullish };
  if (isActorField(node, "claims")) return { text: `${code.text} ?? {}`, level: levels.nullish };
  return code;
}

function isActorField(node: Typed, name: string): boolean {
  return node.op === "field" && node.name === name && node.object.op === "variable" && !node.object.local && node.object.name === "actor";
}

function isClaims(node: Typed): boolean {
  return isActorField(node, "claims");
}

function isClaim(node: Typed): boolean {
  return node.op === "field" && isClaims(node.object);
}

/** Claims come from outside: the helper looks whether they are what the configuration says. */
function emitClaim({ name, type }: Typed & { readonly op: "field" }, names: LocalNames): Code {
  const actor = primary("actor");
  const claim = primary(literal(name));
  switch (type.kind) {
    case "int":
    case "double":
      return call(names.helper("numberClaim"), actor, claim);
    case "bool":
      return call(names.helper("booleanClaim"), actor, claim);
    case "json":
      return call(names.helper("claim"), actor, claim);
    default: {
      const values = type.kind === "string" && type.values !== undefined ? [primary(`[${type.values.map(literal).join(", ")}]`)] : [];
      return call(names.helper("stringClaim"), actor, claim, ...values);
    }
  }
}

function emitHas(field: Typed, not: boolean, names: LocalNames): Code {
  const value =
    isClaim(field) && field.op === "field"
      ? call(names.helper("claim"), primary("actor"), primary(literal(field.name)))
      : bare(field, names);
  return binary(value, not ? "===" : "!==", primary("undefined"), levels.equality);
}

function emitIsNull(operand: Typed, not: boolean, names: LocalNames): Code {
  const { nullable, optional, kind } = declaredType(operand);
  const both = (nullable === true && optional === true) || kind === "json" || kind === "opaque";
  const nothing = primary(both || nullable === true || optional !== true ? "null" : "undefined");
  const value =
    isClaim(operand) && operand.op === "field"
      ? call(names.helper("claim"), primary("actor"), primary(literal(operand.name)))
      : bareEntry(operand, names);
  return binary(value, both ? (not ? "!=" : "==") : not ? "!==" : "===", nothing, levels.equality);
}

/** Whether an entry is there is asked of the map, also where it is known. */
function bareEntry(operand: Typed, names: LocalNames): Code {
  return bare(operand.op === "entry" ? { ...operand, sure: false } : operand, names);
}

/** As declared, before conditions narrowed it: what TypeScript may still see. */
function declaredType(node: Typed): ValueType {
  if (node.op === "field" && node.object.type.kind === "object") return node.object.type.fields.get(node.name) ?? node.type;
  if (node.op === "entry") return { ...node.type, optional: true };
  return node.type;
}

function emitNot(operand: Typed, names: LocalNames): Code {
  switch (operand.op) {
    case "not":
      return emit(operand.operand, names);
    case "isNull":
      return emitIsNull(operand.operand, !operand.negated, names);
    case "has":
      return emitHas(operand.field, true, names);
    case "compare":
      if (operand.operator === "==" || operand.operator === "!=")
        return emitComparison(operand, operand.operator === "==" ? "!=" : "==", names);
      return negated(emit(operand, names));
    default:
      return negated(emit(operand, names));
  }
}

/** A key as the map holds its keys. */
function keyOf(map: Typed, key: Typed, names: LocalNames): Code {
  return map.type.kind === "map" ? emitAs(key, map.type.key, names) : emit(key, names);
}

// ------------------------------------------------------------------------------------------------ values to calculate with

/** Instants as `Date`, big integers as bigint; everything else as it is held. */
function calculated(node: Typed, names: LocalNames): Code {
  const { type } = node;
  if (type.kind === "timestamp") return emitAs(node, { ...types.instant, ...(type.nullable && { nullable: true }) }, names);
  if (type.kind === "bigint") return emitAs(node, { ...types.bigint, ...(type.nullable && { nullable: true }) }, names);
  return emit(node, names);
}

/** A bigint, also of an integer: `5n`, `BigInt(line.quantity)`. */
function asBigint(node: Typed, names: LocalNames): Code {
  if (node.op === "literal" && typeof node.value === "number") return primary(`${node.value}n`);
  return node.type.kind === "int" ? call("BigInt", emit(node, names)) : calculated(node, names);
}

function asDecimal(node: Typed, names: LocalNames): Code {
  return node.type.kind === "decimal" && node.type.as === "object" ? emit(node, names) : call(names.helper("decimal"), emit(node, names));
}

/** What methods of a decimal take: also the text or integer that `decimal(…)` would be made from. */
function decimalOperand(node: Typed, names: LocalNames): Code {
  const [argument] = node.op === "call" && node.name === "decimal" ? node.operands : [];
  return argument !== undefined && argument.type.kind !== "json" ? emit(argument, names) : emit(node, names);
}

/** Milliseconds since 1970. */
function milliseconds(node: Typed, names: LocalNames): Code {
  if (node.op === "arithmetic" && node.domain === "shift") return shifted(node, names);
  const date =
    node.type.kind === "date" || node.op === "literal"
      ? emitAs(node, { kind: "date", as: "Date", ...(node.type.nullable && { nullable: true }) }, names)
      : calculated(node, names);
  return node.type.nullable === true ? primary(`${at(date, levels.primary)}?.getTime()`) : method(date, "getTime");
}

function shifted({ operator, left, right }: Typed & { readonly op: "arithmetic" }, names: LocalNames): Code {
  const side = (node: Typed) => (node.type.kind === "timestamp" ? milliseconds(node, names) : emit(node, names));
  return binary(side(left), operator, side(right), levels.sum);
}

// ----------------------------------------------------------------------------------------------------------- operators

function emitComparison({ left, right, as }: Typed & { readonly op: "compare" }, operator: string, names: LocalNames): Code {
  const equality = operator === "==" || operator === "!=";
  const level = equality ? levels.equality : levels.relation;
  const written = equality ? `${operator}=` : operator;
  switch (as) {
    case "plain":
      return binary(emit(left, names), written, emit(right, names), level);
    case "bigint":
      return binary(asBigint(left, names), written, asBigint(right, names), level);
    case "time": {
      // Dates compare by `<` as they are; never by `===`.
      const plain =
        !equality &&
        [left, right].every((side) => !(side.op === "arithmetic" && side.domain === "shift") && side.type.kind === "timestamp");
      const value = (side: Typed) => (plain ? calculated(side, names) : milliseconds(side, names));
      return binary(value(left), written, value(right), level);
    }
    case "decimal": {
      const test = method(asDecimal(left, names), decimalMethods[operator] ?? "equals", decimalOperand(right, names));
      return operator === "!=" ? negated(test) : test;
    }
  }
}

const decimalMethods: Readonly<Record<string, string>> = {
  "<": "lessThan",
  "<=": "lessThanOrEqualTo",
  ">": "greaterThan",
  ">=": "greaterThanOrEqualTo",
  "+": "plus",
  "-": "minus",
  "*": "times",
};

function emitArithmetic(node: Typed & { readonly op: "arithmetic" }, names: LocalNames): Code {
  const { operator, left, right, domain } = node;
  const level = operator === "+" || operator === "-" ? levels.sum : levels.product;
  switch (domain) {
    case "int": {
      if (operator !== "/" && operator !== "%") return binary(emit(left, names), operator, emit(right, names), level);
      const safe = right.op === "literal" && right.value !== 0;
      if (!safe) return call(names.helper(operator === "/" ? "quotient" : "remainder"), emit(left, names), emit(right, names));
      const result = binary(emit(left, names), operator, emit(right, names), level);
      return operator === "/" ? call("Math.trunc", result) : result;
    }
    case "double":
    case "duration":
    case "string":
      return binary(emit(left, names), operator, emit(right, names), level);
    case "bigint":
      return binary(asBigint(left, names), operator, asBigint(right, names), level);
    case "decimal":
      return method(asDecimal(left, names), decimalMethods[operator] ?? "plus", decimalOperand(right, names));
    case "difference":
      return binary(milliseconds(left, names), "-", milliseconds(right, names), level);
    case "shift":
      return primary(`new Date(${shifted(node, names).text})`);
    case "list": {
      const part = (side: Typed) => {
        const code = emitAs(side, node.type, names);
        // A list that is written out goes in as it stands.
        return side.op === "list" || (side.op === "arithmetic" && side.domain === "list")
          ? code.text.slice(1, -1)
          : `...${at(code, levels.nullish)}`;
      };
      return primary(`[${[part(left), part(right)].filter((text) => text !== "").join(", ")}]`);
    }
  }
}

function emitNegation(operand: Typed, names: LocalNames): Code {
  if (operand.type.kind === "decimal") return method(emit(operand, names), "negated");
  const code = calculated(operand, names);
  const text = at(code, levels.unary);
  return { text: text.startsWith("-") ? `-(${text})` : `-${text}`, level: levels.unary };
}

function emitInList({ item, list, as, direct }: Typed & { readonly op: "inList" }, names: LocalNames): Code {
  const listType = list.type;
  const elements = listType.kind === "list" ? listType.items : types.unknown;
  const code = emit(list, names);
  if (direct) return method(code, "includes", emit(item, names));
  return names.withFresh("item", (name) => {
    const element: Typed = { op: "variable", name, local: true, type: elements, start: list.start, end: list.end };
    const comparison: Typed & { op: "compare" } = {
      op: "compare",
      operator: "==",
      left: element,
      right: item,
      as,
      type: types.bool,
      start: item.start,
      end: item.end,
    };
    return method(code, "some", arrow(names.local(name), emitComparison(comparison, "==", names)));
  });
}

// --------------------------------------------------------------------------------------------------------------- macros

function emitMacro(node: Typed & { readonly op: "macro" }, names: LocalNames, items?: ValueType): Code {
  const { macro, list, variable, where, body } = node;
  const whole = emit(list, names);
  const elements = list.type.kind === "map" ? primary(`[...${memberBase(whole)}.keys()]`) : whole;
  return names.within(variable, () => {
    const callback = (code: Code) => arrow(names.local(variable), code);
    const filtered = where === undefined ? elements : method(elements, "filter", callback(emit(where, names)));
    const result = items === undefined ? emit(body, names) : emitAs(body, items, names);
    switch (macro) {
      case "all":
        return method(filtered, "every", callback(result));
      case "exists":
        return method(filtered, "some", callback(result));
      case "exists_one":
        return binary(property(method(filtered, "filter", callback(result)), "length"), "===", primary("1"), levels.equality);
      case "filter":
        return method(filtered, "filter", callback(result));
      case "map":
        return body.op === "variable" && body.name === variable && body.assured !== true && result.text === names.local(variable)
          ? filtered
          : method(filtered, "map", callback(result));
    }
  });
}
