// Does a value fit what its place expects?
import { nearest } from "../suggest.js";
import { type Context, type ExpressionProblem, reportMissing, textOf } from "./context.js";
import { describeType, oneOf } from "./describe-type.js";
import { inspectDate, inspectDecimal, inspectTimestamp, inspectUuid } from "./literals.js";
import type { Position, Typed } from "./typed.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

/** Reports where a value does not fit. Goes into branches, lists and objects, so that the mistake is shown where it is. */
export function checkAssignable(node: Typed, expected: ValueType, context: Context): void {
  if (node.type.kind === "unknown" || expected.kind === "unknown" || expected.kind === "opaque") return;
  if (node.op === "conditional") {
    checkAssignable(node.then, expected, context);
    checkAssignable(node.otherwise, expected, context);
    return;
  }
  const missing = missingFrom(node.type, expected);
  if (missing !== undefined) {
    if (node.type.kind === "null") say(context, node, `Expected ${describeType(expected)}, found null.`);
    else if (missing === "absent" && expected.nullable === true) {
      const text = textOf(context, node);
      const check = node.op === "entry" ? `${textOf(context, node.key)} in ${textOf(context, node.map)}` : `has(${text})`;
      const suggestions = [`${check} ? ${text} : null`];
      context.problems.push({
        kind: "missing",
        message: `\`${text}\` may be absent, which is not null.`,
        start: node.start,
        end: node.end,
        suggestions,
      });
    } else reportMissing(context, node, "missing");
    return;
  }
  if (node.type.kind === "null") return;
  if (node.op === "list" && expected.kind === "list") {
    for (const item of node.items) checkAssignable(item, expected.items, context);
    return;
  }
  if (node.op === "object" && expected.kind === "object") checkFields(node, expected, context);
  else if (node.op === "macro" && node.macro === "map" && expected.kind === "list") checkAssignable(node.body, expected.items, context);
  else if (node.op === "literal" && typeof node.value === "string") checkLiteral(node, node.value, expected, context);
  else checkFit(node, expected, context);
}

function checkFit(node: Typed, expected: ValueType, context: Context): void {
  const reason = mismatchOf(node.type, expected)?.(textOf(context, node));
  if (reason !== undefined) say(context, node, reason.message, reason.suggestions);
}

function say(context: Context, { start, end }: Position, message: string, suggestions: readonly string[] = []): void {
  const problem: ExpressionProblem = { kind: "mismatch", message, start, end, ...(suggestions.length > 0 && { suggestions }) };
  context.problems.push(problem);
}

/** Which way of missing the place does not take. */
function missingFrom(given: ValueType, expected: ValueType): "null" | "absent" | undefined {
  if (expected.kind === "json" && given.optional !== true) return undefined;
  if (given.nullable === true && expected.nullable !== true) return "null";
  return given.optional === true && expected.optional !== true ? "absent" : undefined;
}

function checkFields(node: Typed & { readonly op: "object" }, expected: ValueType & { readonly kind: "object" }, context: Context): void {
  for (const entry of node.entries) {
    const field = expected.fields.get(entry.name);
    if (field === undefined) {
      const suggestions = nearest(entry.name, expected.fields.keys());
      say(context, entry, `There is no field \`${entry.name}\` in ${describeType(types.present(expected))}.`, suggestions);
    } else checkAssignable(entry.value, field, context);
  }
  for (const [name, field] of expected.fields) {
    if (field.optional !== true && !node.entries.some((entry) => entry.name === name))
      say(context, node, `The field \`${name}\` is missing.`);
  }
}

function checkLiteral(node: Typed, value: string, expected: ValueType, context: Context): void {
  const complaint =
    expected.kind === "date"
      ? inspectDate(value)
      : expected.kind === "timestamp"
        ? inspectTimestamp(value)
        : expected.kind === "decimal"
          ? inspectDecimal(value)
          : expected.kind === "string" && expected.format === "uuid"
            ? inspectUuid(value)
            : undefined;
  if (complaint !== undefined) {
    const suggestions = complaint.suggestions?.map((suggestion) => `'${suggestion}'`);
    say(context, node, complaint.message, suggestions);
    return;
  }
  if (expected.kind === "date" || expected.kind === "timestamp" || expected.kind === "decimal") return;
  if (expected.kind === "string" && expected.format === "uuid") return;
  checkFit(node, expected, context);
}

type Reason = (text: string) => { readonly message: string; readonly suggestions?: readonly string[] };

function differs(given: ValueType, expected: ValueType): Reason {
  return () => ({ message: `Expected ${describeType(types.present(expected))}, found ${describeType(types.present(given))}.` });
}

const keyKinds: ReadonlySet<ValueType["kind"]> = new Set(["string", "int", "bigint", "decimal", "timestamp", "date"]);

/** The functions that say what JSON is. */
const conversions: Partial<Record<ValueType["kind"], string>> = {
  string: "string",
  int: "int",
  double: "double",
  bool: "bool",
  decimal: "decimal",
  timestamp: "timestamp",
};

/** Why a type does not fit another, apart from null and absence; undefined where it does. */
export function mismatchOf(given: ValueType, expected: ValueType): Reason | undefined {
  if (given.kind === "unknown" || expected.kind === "unknown" || expected.kind === "opaque" || given.kind === "opaque") return undefined;
  if (expected.kind === "json") return given.kind === "map" || given.kind === "duration" ? differs(given, expected) : undefined;
  if (expected.kind === "key") return keyKinds.has(given.kind) ? undefined : differs(given, expected);
  if (given.kind === "json") {
    const conversion = conversions[expected.kind];
    return (text) => ({
      message: `Expected ${describeType(types.present(expected))}, found JSON of unknown shape: say what it is.`,
      ...(conversion !== undefined && { suggestions: [`${conversion}(${text})`] }),
    });
  }
  switch (expected.kind) {
    case "string":
      return given.kind === "string" ? textMismatch(given, expected) : differs(given, expected);
    case "double":
      return given.kind === "int" || given.kind === "double" ? undefined : differs(given, expected);
    case "int":
      if (given.kind === "double")
        return (text) => ({ message: "Expected an integer, found a number that may have a fraction.", suggestions: [`int(${text})`] });
      return given.kind === "int" ? undefined : differs(given, expected);
    case "bigint":
      return given.kind === "bigint" || given.kind === "int" ? undefined : differs(given, expected);
    case "decimal":
      if (given.kind === "string")
        return (text) => ({
          message: `Expected a decimal, found ${describeType(types.present(given))}.`,
          suggestions: [`decimal(${text})`],
        });
      return given.kind === "decimal" || given.kind === "int" ? undefined : differs(given, expected);
    case "timestamp":
      if (given.kind === "date" || given.kind === "string") {
        return (text) => ({
          message: `Expected a timestamp, found ${describeType(types.present(given))}.`,
          suggestions: [`timestamp(${text})`],
        });
      }
      return given.kind === "timestamp" ? undefined : differs(given, expected);
    case "list": {
      if (given.kind !== "list") return differs(given, expected);
      if (given.items.kind === "unknown") return undefined;
      if (missingFrom(given.items, expected.items) !== undefined)
        return () => ({ message: `Elements of the list may be missing; expected ${describeType(types.present(expected))}.` });
      return given.items.kind === "null"
        ? undefined
        : mismatchOf(given.items, expected.items) === undefined
          ? undefined
          : differs(given, expected);
    }
    case "object":
      return given.kind === "object" ? objectMismatch(given, expected) : differs(given, expected);
    case "bool":
    case "date":
    case "duration":
    case "map":
    case "null":
      return given.kind === expected.kind ? undefined : differs(given, expected);
  }
}

function textMismatch(
  given: ValueType & { readonly kind: "string" },
  expected: ValueType & { readonly kind: "string" },
): Reason | undefined {
  if (expected.format === "uuid" && given.format === undefined) return differs(given, expected);
  const { values } = expected;
  if (values === undefined) return undefined;
  if (given.values === undefined)
    return () => ({ message: `Expected ${oneOf(values)}, found ${describeType(types.present(given))} that may be any text.` });
  const strange = given.values.filter((value) => !values.includes(value));
  if (strange.length === 0) return undefined;
  return () => ({
    message: `Expected ${oneOf(values)}; this may be ${oneOf(strange)}.`,
    suggestions: strange.length === 1 ? nearest(strange[0] ?? "", values).map((near) => `'${near}'`) : [],
  });
}

/** Fields are picked by name, so more of them than are expected do no harm. */
function objectMismatch(
  given: ValueType & { readonly kind: "object" },
  expected: ValueType & { readonly kind: "object" },
): Reason | undefined {
  for (const [name, field] of expected.fields) {
    const own = given.fields.get(name);
    if (own === undefined) {
      if (field.optional === true) continue;
      return () => ({ message: `${describeType(types.present(given))} has no field \`${name}\`, which is expected.` });
    }
    if (missingFrom(own, field) !== undefined) return () => ({ message: `The field \`${name}\` may be missing, which is not expected.` });
    const inner = own.kind === "null" ? undefined : mismatchOf(own, field);
    if (inner !== undefined)
      return () => ({
        message: `The field \`${name}\` is ${describeType(types.present(own))}; expected ${describeType(types.present(field))}.`,
      });
  }
  return undefined;
}
