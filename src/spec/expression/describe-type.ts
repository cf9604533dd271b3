import type { ValueType } from "./value-type.js";

/** A type in words: `a timestamp`, `a list of rows of orders`, `'draft' or 'paid'`, `an integer that may be null`. */
export function describeType(type: ValueType): string {
  const text = bare(type);
  if (type.kind === "null") return text;
  if (type.nullable === true) return `${text} that may be null`;
  return type.optional === true ? `${text} that may be absent` : text;
}

function bare(type: ValueType): string {
  switch (type.kind) {
    case "string":
      if (type.values !== undefined) return oneOf(type.values);
      return type.format === "uuid" ? "a uuid" : "a string";
    case "int":
      return "an integer";
    case "double":
      return "a number";
    case "bool":
      return "a boolean";
    case "json":
      return "JSON of unknown shape";
    case "list":
      return `a list of ${plural(type.items)}`;
    case "map":
      return `a map of ${plural(type.value)}`;
    case "object":
      return type.name ?? `an object { ${[...type.fields.keys()].slice(0, 5).join(", ")}${type.fields.size > 5 ? ", …" : ""} }`;
    case "opaque":
      return `a value of ${type.name}`;
    case "key":
      return "text for a key (a string, uuid or integer)";
    case "null":
      return "null";
    case "unknown":
      return "an unknown type";
    default:
      return `a ${type.kind}`;
  }
}

/** `'draft', 'paid' or 'shipped'`; long lists are cut. */
export function oneOf(values: readonly string[]): string {
  const shown = values.slice(0, 6).map((value) => `'${value}'`);
  if (values.length > shown.length) return `one of ${shown.join(", ")}, …`;
  const last = shown.pop() ?? "";
  return shown.length === 0 ? last : `${shown.join(", ")} or ${last}`;
}

function plural(type: ValueType): string {
  const text = bare(type);
  if (type.kind === "object") return type.name === undefined ? "objects" : text.replace(/^a row/, "rows");
  if (type.kind === "string") return type.values === undefined ? (type.format === "uuid" ? "uuids" : "strings") : text;
  if (type.kind === "list" || type.kind === "map") return text.replace(/^a (list|map)/, "$1s");
  return /^an? \w+$/.test(text) ? `${text.replace(/^an? /, "")}s` : text;
}
