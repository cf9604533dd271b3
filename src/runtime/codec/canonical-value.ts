import type { SqlText } from "../ports.js";

/**
 * One text for all texts of a type that Postgres holds equal: `6F9…` and `6f9…` are one uuid, `1.0` and `1.00` one
 * number. Other types are compared as they are written.
 */
export function canonicalValue(castType: string, text: SqlText): SqlText {
  if (text === null) return null;
  switch (castType) {
    case "uuid":
      return text.toLowerCase().replace(/[{}-]/g, "");
    case "citext":
      return text.toLowerCase();
    case "bpchar":
      return text.trimEnd();
    case "numeric":
      return canonicalDecimal(text);
    case "date":
      return text.slice(0, 10);
    case "timestamp with time zone":
      return canonicalTime(text);
    case "timestamp":
      return canonicalTime(`${text.replace(/(?:Z|[+-]\d\d(?::?\d\d)?)$/, "")}Z`);
    default:
      return text;
  }
}

function canonicalDecimal(text: string): string {
  const match = /^([+-]?)0*(\d*?)(?:\.(\d*?)0*)?$/.exec(text.trim());
  if (match === null) return text;
  const [, sign, whole = "", fraction = ""] = match;
  const digits = `${whole === "" ? "0" : whole}${fraction === "" ? "" : `.${fraction}`}`;
  return sign === "-" && digits !== "0" ? `-${digits}` : digits;
}

/** Microseconds, which a Date cannot hold, are kept. */
function canonicalTime(text: string): string {
  const time = Date.parse(text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00"));
  const fraction = /\.(\d+)/.exec(text)?.[1] ?? "";
  return Number.isNaN(time) ? text : `${Math.floor(time / 1000)}.${fraction.padEnd(6, "0")}`;
}
