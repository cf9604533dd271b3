// The functions and methods that expressions may call, each with its overloads.
import type { CallForm, Complaint, Operand } from "./call-form.js";
import { binary, type Code, call, levels, method, primary } from "./code.js";
import {
  inspectBoolean,
  inspectDecimal,
  inspectDuration,
  inspectInteger,
  inspectNumber,
  inspectPattern,
  inspectTimestamp,
  inspectZone,
} from "./literals.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

function operand(name: string, accepts: (type: ValueType) => boolean, rest: Partial<Operand> = {}): Operand {
  return { name, accepts, ...rest };
}

function ofKind(name: string, ...kinds: readonly ValueType["kind"][]): Operand {
  return operand(name, ({ kind }) => kinds.includes(kind));
}

/** Text that is looked at where it is written in the expression. */
function text(name: string, inspect: (value: string) => Complaint | undefined, written = false): Operand {
  return operand(name, ({ kind }) => kind === "string", { inspect, written });
}

const string = ofKind("a string", "string");
const int = ofKind("an integer", "int");
const number = ofKind("a number", "int", "double");
const bool = ofKind("a boolean", "bool");
const bigint = ofKind("a bigint", "bigint");
const decimal = ofKind("a decimal", "decimal");
const instant = ofKind("a timestamp", "timestamp");
const day = ofKind("a date", "date");
const duration = ofKind("a duration", "duration");
const json = ofKind("JSON", "json");
const zone = text("a time zone", inspectZone);
const pattern = text("a pattern", inspectPattern, true);
const strings = operand("a list of strings", (type) => type.kind === "list" && type.items.kind === "string" && !types.mayMiss(type.items));
const list = ofKind("a list", "list");
const map = ofKind("a map", "map");

function numbersOf(name: string, ...kinds: readonly ValueType["kind"][]): Operand {
  return operand(name, (type) => type.kind === "list" && kinds.includes(type.items.kind) && !types.mayMiss(type.items));
}

const asIs = ([value]: readonly Code[]): Code => value ?? primary("undefined");

function form(takes: readonly Operand[], gives: ValueType, code: CallForm["code"]): CallForm {
  return { takes, gives, code };
}

/** A helper of `usecasecore/expression` that is called with all operands. */
function helped(name: string, takes: readonly Operand[], gives: ValueType): CallForm {
  return form(takes, gives, (operands, helper) => call(helper(name), ...operands));
}

/** A method of the same or another name in JavaScript. */
function native(name: string, takes: readonly Operand[], gives: ValueType): CallForm {
  return form(takes, gives, ([receiver, ...operands]) => method(receiver ?? primary(""), name, ...operands));
}

function plus(code: Code, amount: number): Code {
  return amount === 0 ? code : binary(code, "-", primary(String(-amount)), levels.sum);
}

/** A part of an instant: in UTC by the method of `Date`, or in a zone. `shift`: CEL counts days of the month from 0. */
function part(utc: string, zoned: string, shift = 0): readonly CallForm[] {
  return [
    form([instant], types.int, ([value]) => plus(method(value ?? primary(""), utc), shift)),
    form([instant, zone], types.int, (operands, helper) => plus(primary(`${call(helper("inZone"), ...operands).text}.${zoned}`), shift)),
  ];
}

function ofDuration(milliseconds: number): CallForm {
  return form([duration], types.int, ([value]) =>
    call(
      "Math.trunc",
      milliseconds === 1 ? (value ?? primary("")) : binary(value ?? primary(""), "/", primary(separated(milliseconds)), levels.product),
    ),
  );
}

/** `3_600_000` */
function separated(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "_");
}

const sizes: readonly CallForm[] = [
  helped("size", [string], types.int),
  form([list], types.int, ([value]) => primary(`${method(value ?? primary(""), "length").text.slice(0, -2)}`)),
  form([map], types.int, ([value]) => primary(`${method(value ?? primary(""), "size").text.slice(0, -2)}`)),
];

const sums: readonly CallForm[] = [
  helped("sum", [numbersOf("a list of integers", "int")], types.int),
  helped("sum", [numbersOf("a list of durations", "duration")], types.duration),
  helped("sum", [numbersOf("a list of numbers", "double")], types.double),
  helped("sumOfDecimals", [numbersOf("a list of decimals", "decimal")], types.decimal),
  helped("sumOfBigints", [numbersOf("a list of bigints", "bigint")], types.bigint),
];

const plainValues = operand(
  "a list of plain values",
  (type) => type.kind === "list" && !["object", "list", "map", "json", "opaque"].includes(type.items.kind) && !types.mayMiss(type.items),
);

/** Text of which two may mean the same. */
function heldAsText(kind: "decimal" | "timestamp"): Operand {
  return operand(`a list of ${kind}s`, (type) => {
    const items = type.kind === "list" && !types.mayMiss(type.items) ? type.items : undefined;
    return items?.kind === kind && items.as !== "object" && items.as !== "Date";
  });
}

const uniques: readonly CallForm[] = [
  ...(["decimal", "timestamp"] as const).map((kind) =>
    form([heldAsText(kind)], types.bool, ([values], helper) =>
      call(helper("isUnique"), method(values ?? primary(""), "map", primary(helper(kind)))),
    ),
  ),
  helped("isUnique", [plainValues], types.bool),
];

/** Text that was looked at and that `Date` itself understands. */
const writtenInstant = /^"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)"$/;

/** `name(operands)` */
export const functions: Readonly<Record<string, readonly CallForm[]>> = {
  size: sizes,
  int: [
    form([int], types.int, asIs),
    form([ofKind("a number", "double")], types.int, ([value]) => call("Math.trunc", value ?? primary(""))),
    form([instant], types.int, ([value]) =>
      call("Math.floor", binary(method(value ?? primary(""), "getTime"), "/", primary("1_000"), levels.product)),
    ),
    helped("int", [bigint], types.int),
    helped("int", [decimal], types.int),
    helped("int", [text("text of an integer", inspectInteger)], types.int),
    helped("int", [json], types.int),
  ],
  double: [
    form([number], types.double, asIs),
    helped("double", [bigint], types.double),
    helped("double", [decimal], types.double),
    helped("double", [text("text of a number", inspectNumber)], types.double),
    helped("double", [json], types.double),
  ],
  string: [
    form([string], types.string, asIs),
    form([ofKind("a number", "int", "double", "bool", "bigint")], types.string, ([value]) => call("String", value ?? primary(""))),
    form([decimal], types.string, ([value]) => method(value ?? primary(""), "toString")),
    form([instant], types.string, ([value]) => method(value ?? primary(""), "toISOString")),
    form([day], types.string, asIs),
    helped("string", [json], types.string),
  ],
  bool: [
    form([bool], types.bool, asIs),
    helped("bool", [text("'true' or 'false'", inspectBoolean)], types.bool),
    helped("bool", [json], types.bool),
  ],
  decimal: [
    { ...helped("decimal", [decimal], types.decimal), asHeld: true },
    helped("decimal", [int], types.decimal),
    helped("decimal", [bigint], types.decimal),
    helped("decimal", [text("text of a decimal", inspectDecimal)], types.decimal),
    helped("decimal", [json], types.decimal),
  ],
  bigint: [
    form([bigint], types.bigint, asIs),
    form([int], types.bigint, ([value]) => call("BigInt", value ?? primary(""))),
    form([text("text of an integer", inspectInteger)], types.bigint, ([value]) => call("BigInt", value ?? primary(""))),
  ],
  duration: [form([duration], types.duration, asIs), helped("duration", [text("text of a duration", inspectDuration)], types.duration)],
  timestamp: [
    form([instant], types.instant, asIs),
    form([text("text of a timestamp", inspectTimestamp)], types.instant, ([value = primary("")], helper) =>
      writtenInstant.test(value.text) ? primary(`new Date(${value.text})`) : call(helper("timestamp"), value),
    ),
    form([int], types.instant, ([seconds]) =>
      primary(`new Date(${binary(seconds ?? primary(""), "*", primary("1_000"), levels.product).text})`),
    ),
    helped("timestamp", [day], types.instant),
    helped("timestamp", [json], types.instant),
  ],
  sum: sums,
  isUnique: uniques,
  startOfDay: [
    form([instant], types.instant, ([value], helper) => call(helper("startOfDay"), value ?? primary(""), primary('"UTC"'))),
    helped("startOfDay", [instant, zone], types.instant),
  ],
  matches: matching(),
};

function matching(): readonly CallForm[] {
  return [
    form([string, pattern], types.bool, ([value, source]) => primary(`new RegExp(${source?.text ?? ""}, "u").test(${value?.text ?? ""})`)),
  ];
}

/** `receiver.name(operands)`; the receiver is the first of what a form takes. */
export const methods: Readonly<Record<string, readonly CallForm[]>> = {
  size: sizes,
  startsWith: [native("startsWith", [string, string], types.bool)],
  endsWith: [native("endsWith", [string, string], types.bool)],
  contains: [native("includes", [string, string], types.bool)],
  matches: matching(),
  lowerAscii: [helped("lowerAscii", [string], types.string)],
  upperAscii: [helped("upperAscii", [string], types.string)],
  trim: [native("trim", [string], types.string)],
  split: [native("split", [string, string], types.listOf(types.string))],
  join: [
    form([strings], types.string, ([value]) => method(value ?? primary(""), "join", primary('""'))),
    native("join", [strings, string], types.string),
  ],
  // A function as replacement, because `$&` and the like mean something in text.
  replace: [
    form([string, string, string], types.string, ([value, old, by]) =>
      method(
        value ?? primary(""),
        "replaceAll",
        old ?? primary(""),
        /^"[^$]*"$/.test(by?.text ?? "") ? (by ?? primary("")) : primary(`() => ${by?.text}`),
      ),
    ),
  ],
  substring: [helped("substring", [string, int], types.string), helped("substring", [string, int, int], types.string)],
  sum: sums,
  isUnique: uniques,
  round: [form([decimal, int], types.decimal, ([value, places]) => method(value ?? primary(""), "round", places ?? primary("0")))],
  abs: [form([decimal], types.decimal, ([value]) => method(value ?? primary(""), "abs"))],
  getFullYear: part("getUTCFullYear", "year"),
  getMonth: [
    form([instant], types.int, ([value]) => method(value ?? primary(""), "getUTCMonth")),
    form([instant, zone], types.int, (operands, helper) => plus(primary(`${call(helper("inZone"), ...operands).text}.month`), -1)),
  ],
  getDate: part("getUTCDate", "day"),
  getDayOfMonth: part("getUTCDate", "day", -1),
  getDayOfWeek: part("getUTCDay", "weekday"),
  getDayOfYear: [
    form([instant], types.int, ([value], helper) =>
      primary(`${call(helper("inZone"), value ?? primary(""), primary('"UTC"')).text}.dayOfYear`),
    ),
    form([instant, zone], types.int, (operands, helper) => primary(`${call(helper("inZone"), ...operands).text}.dayOfYear`)),
  ],
  getHours: [...part("getUTCHours", "hours"), ofDuration(3_600_000)],
  getMinutes: [...part("getUTCMinutes", "minutes"), ofDuration(60_000)],
  getSeconds: [...part("getUTCSeconds", "seconds"), ofDuration(1_000)],
  getMilliseconds: [...part("getUTCMilliseconds", "milliseconds"), ofDuration(1)],
};

/** The macros: their first argument is a new name. */
export const macros = ["all", "exists", "exists_one", "map", "filter"] as const;

/** What other languages call it. */
export const foreignFunctions: Readonly<Record<string, string>> = {
  some: "exists",
  any: "exists",
  every: "all",
  find: "filter",
  includes: "contains",
  length: "size",
  count: "size",
  len: "size",
  toLowerCase: "lowerAscii",
  toUpperCase: "upperAscii",
  lower: "lowerAscii",
  upper: "upperAscii",
  unique: "isUnique",
  distinct: "isUnique",
  parseInt: "int",
  Number: "double",
  String: "string",
  Boolean: "bool",
  getTime: "int",
  date: "timestamp",
  Date: "timestamp",
  toString: "string",
};
