import type { JsonValue } from "../model.js";

/** A value as a message names it: `"draft"`, `the number 3`, `a mapping`, `nothing`. */
export function describeValue(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  const keys = Object.keys(value);
  return keys.length === 0 ? "an empty mapping" : `a mapping with ${keys.slice(0, 3).join(", ")}${keys.length > 3 ? ", …" : ""}`;
}
