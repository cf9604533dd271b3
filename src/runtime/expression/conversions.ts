import type { Decimal } from "./decimal.js";

/** A member of JSON whose shape is not known; undefined if there is none. Only own members count. */
export function jsonMember(value: unknown, key: string | number): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Readonly<Record<string | number, unknown>>)[key]
    : undefined;
}

/**
 * A safe integer; fractions are cut off.
 * @throws RangeError for text that is not an integer, and what a number cannot hold exactly
 */
export function int(value: unknown): number {
  const text = isDecimal(value) ? value.toString().replace(/\..*$/, "") : value;
  if (typeof text === "string" && !/^[+-]?\d+$/.test(text)) throw unfit(value, "an integer");
  const result =
    typeof text === "number" ? Math.trunc(text) : typeof text === "string" || typeof text === "bigint" ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(result)) throw unfit(value, "an integer");
  return result === 0 ? 0 : result;
}

/** @throws RangeError for what is not a finite number */
export function double(value: unknown): number {
  const plain = isDecimal(value) ? value.toString() : value;
  const usable = typeof plain === "number" || typeof plain === "bigint" || (typeof plain === "string" && plain.trim() !== "");
  const result = usable ? Number(plain) : Number.NaN;
  if (!Number.isFinite(result)) throw unfit(value, "a number");
  return result;
}

/** @throws RangeError for what is neither text, number nor boolean */
export function string(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  throw unfit(value, "a string");
}

/** @throws RangeError for what is neither a boolean nor the text of one */
export function bool(value: unknown): boolean {
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw unfit(value, "a boolean");
}

function isDecimal(value: unknown): value is Decimal {
  return typeof value === "object" && value !== null && "units" in value;
}

function unfit(value: unknown, wanted: string): RangeError {
  const shown =
    typeof value === "string" ? JSON.stringify(value.slice(0, 100)) : typeof value === "object" ? "A value of this kind" : String(value);
  return new RangeError(`${shown} is not ${wanted}.`);
}
