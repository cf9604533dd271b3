// From one way of holding a value to another: `Date` to RFC 3339 text, rows to the fields that are asked for.
import { arrow, binary, type Code, call, conditional, levels, method, objectLiteral, primary, property } from "./code.js";
import type { LocalNames } from "./local-names.js";
import type { ValueType } from "./value-type.js";
import * as types from "./value-type.js";

/** The code's value as `to` holds it. What does not fit was refused before. */
export function convert(code: Code, from: ValueType, to: ValueType, names: LocalNames): Code {
  if (from.kind === "unknown" || to.kind === "unknown" || to.kind === "opaque" || from.kind === "null") return code;
  const held = convertible(from, to.kind === "json" ? types.wireType(from) : to);
  if (held === undefined) return code;
  if (!types.mayMiss(from)) return held(code, names);
  // A date that may be missing has a short form.
  if (held === toText && from.kind === "timestamp" && from.as === "Date") {
    const text = primary(`${code.level < levels.primary ? `(${code.text})` : code.text}?.toISOString()`);
    return from.optional === true ? text : { text: `${text.text} ?? null`, level: levels.nullish };
  }
  const nothing = from.nullable === true && from.optional === true ? undefined : primary(from.nullable === true ? "null" : "undefined");
  if (nothing !== undefined && isPath(code)) return conditional(binary(code, "===", nothing, levels.equality), nothing, held(code, names));
  return names.withFresh("value", (name) => {
    const value = primary(names.local(name));
    return call(names.helper("whenPresent"), code, arrow(value.text, held(value, names)));
  });
}

type Conversion = (code: Code, names: LocalNames) => Code;

/** How a value that is there is converted; undefined where it is held alike. */
function convertible(from: ValueType, to: ValueType): Conversion | undefined {
  if (to.kind === "key") return keyText(from);
  switch (from.kind) {
    case "timestamp":
      return to.kind === "timestamp" ? timestampAs(from, to) : undefined;
    case "date":
      return to.kind === "date" ? dateAs(from, to) : undefined;
    case "decimal":
      return to.kind === "decimal" && from.as !== to.as
        ? from.as === "object"
          ? toPlainText
          : (code, names) => call(names.helper("decimal"), code)
        : undefined;
    case "bigint":
      return to.kind === "bigint" && from.as !== to.as ? (from.as === "bigint" ? toPlainText : (code) => call("BigInt", code)) : undefined;
    case "int":
      if (to.kind === "bigint") return to.as === "bigint" ? (code) => call("BigInt", code) : (code) => call("String", code);
      if (to.kind === "decimal")
        return to.as === "string" ? (code) => call("String", code) : (code, names) => call(names.helper("decimal"), code);
      return undefined;
    case "list":
      return to.kind === "list" ? listAs(from.items, to.items) : undefined;
    case "object":
      return to.kind === "object" ? objectAs(from, to) : undefined;
    default:
      return undefined;
  }
}

const toText: Conversion = (code) => method(code, "toISOString");
const toPlainText: Conversion = (code) => method(code, "toString");
const toDate: Conversion = (code, names) => call(names.helper("timestamp"), code);
const normalised: Conversion = (code, names) => method(call(names.helper("timestamp"), code), "toISOString");

function timestampAs(
  from: ValueType & { readonly kind: "timestamp" },
  to: ValueType & { readonly kind: "timestamp" },
): Conversion | undefined {
  if (to.as === "Date") return from.as === "Date" ? undefined : toDate;
  if (from.as === "Date") return toText;
  if (to.as === "rfc3339") return from.as === "rfc3339" ? undefined : normalised;
  // Postgres ignores an offset where the column has no zone: the instant goes there in UTC.
  return from.as === "rfc3339" && to.zone !== true ? normalised : from.as === "postgres" && from.zone !== to.zone ? normalised : undefined;
}

function dateAs(from: ValueType & { readonly kind: "date" }, to: ValueType & { readonly kind: "date" }): Conversion | undefined {
  if (from.as === to.as) return undefined;
  return to.as === "Date" ? toDate : (code, names) => method(toText(code, names), "slice", primary("0"), primary("10"));
}

function keyText(from: ValueType): Conversion | undefined {
  switch (from.kind) {
    case "int":
    case "double":
      return (code) => call("String", code);
    case "bigint":
      return from.as === "bigint" ? (code) => call("String", code) : undefined;
    case "decimal":
      return from.as === "object" ? toPlainText : undefined;
    case "timestamp":
      return from.as === "Date" ? toText : undefined;
    case "date":
      return from.as === "Date" ? toText : undefined;
    default:
      return undefined;
  }
}

function listAs(from: ValueType, to: ValueType): Conversion | undefined {
  if (from.assured !== true && sameHeld(from, to)) return undefined;
  return (code, names) =>
    names.withFresh("item", (name) => {
      const item = primary(names.local(name));
      const sure = from.assured === true ? call(names.helper("present"), item) : item;
      return method(code, "map", arrow(item.text, convert(sure, from, to, names)));
    });
}

/** The fields that are asked for, by name: a row has more columns than a result may show. */
function objectAs(from: ValueType & { readonly kind: "object" }, to: ValueType & { readonly kind: "object" }): Conversion | undefined {
  if (sameHeld(from, to)) return undefined;
  const pick = (object: Code, names: LocalNames): Code =>
    objectLiteral(
      [...to.fields].flatMap(([name, field]) => {
        const own = from.fields.get(name);
        if (own === undefined) return [];
        const code = property(object, name);
        return [[name, convert(own.assured === true ? call(names.helper("present"), code) : code, own, field, names)] as const];
      }),
    );
  return (code, names) =>
    isPath(code)
      ? pick(code, names)
      : names.withFresh("value", (name) => {
          const value = primary(names.local(name));
          return call(names.helper("whenPresent"), code, arrow(value.text, pick(value, names)));
        });
}

/** Does TypeScript hold both alike, so that nothing is to be done? */
export function sameHeld(from: ValueType, to: ValueType): boolean {
  if (from.assured === true) return false;
  if (to.kind === "unknown" || to.kind === "opaque" || from.kind === "null" || from.kind === "unknown") return true;
  if (to.kind === "json" || to.kind === "key")
    return from.kind === "json" || from.kind === "key" || (sameHeld(from, types.wireType(from)) && from.kind !== "opaque");
  if (from.kind === "list" && to.kind === "list") return sameHeld(from.items, to.items);
  if (from.kind === "object" && to.kind === "object") {
    return (
      [...from.fields.keys()].every((name) => to.fields.has(name)) &&
      [...to.fields].every(([name, field]) => {
        const own = from.fields.get(name);
        return own === undefined ? field.optional === true : sameHeld(own, field);
      })
    );
  }
  return convertible(types.present(from), to) === undefined;
}

/** `order.reservedAt`: cheap and without effect, so it may stand twice, and TypeScript narrows it. */
function isPath({ text }: Code): boolean {
  return /^[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*$/.test(text);
}
