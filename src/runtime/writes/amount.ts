import type { Amount } from "./row-change.js";

const decimal = /^-?\d+(?:\.\d+)?$/;

/** What an increment may add; anything else is a TypeError. */
export function requireAmount(what: string, amount: unknown): asserts amount is Amount {
  const fine =
    typeof amount === "bigint" ||
    (typeof amount === "number" ? Number.isFinite(amount) : typeof amount === "string" && decimal.test(amount));
  if (!fine) throw new TypeError(`${what}: the amount is not a number.`);
}

/** The exact sum of two amounts of one column: numbers stay numbers, decimals stay text. */
export function addAmounts(a: Amount, b: Amount): Amount {
  if (typeof a === "number" && typeof b === "number") return a + b;
  if (typeof a === "bigint" && typeof b === "bigint") return a + b;
  return addDecimals(String(a), String(b));
}

function addDecimals(a: string, b: string): string {
  const places = Math.max(fraction(a).length, fraction(b).length);
  const scaled = (text: string) => BigInt(text.replace(".", "") + "0".repeat(places - fraction(text).length));
  const sum = scaled(a) + scaled(b);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  return `${sum < 0n ? "-" : ""}${whole}${places > 0 ? `.${digits.slice(-places)}` : ""}`;
}

function fraction(text: string): string {
  return text.split(".")[1] ?? "";
}
