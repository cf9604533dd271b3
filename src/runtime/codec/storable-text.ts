/** Whether Postgres can hold the text: no NUL, no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** The text itself, if Postgres can hold it; otherwise a TypeError, so that it fails before any statement is sent. */
export function storableText(text: string): string {
  if (isStorable(text)) return text;
  if (text.includes("\0")) throw new TypeError("a text holds the character NUL, which Postgres cannot store");
  throw new TypeError("a text holds half of a surrogate pair, which Postgres cannot store");
}

// JSON.stringify writes these two as escapes, so they have to be looked for as such; an even number of backslashes
// before the `u` is a text that speaks of an escape.
const escaped = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i;

/** JSON text that a `jsonb` column can hold, or a TypeError. */
export function storableJson(value: unknown): string {
  const text = isPlain(value) ? JSON.stringify(value) : JSON.stringify(value, plainValue);
  if (text === undefined) throw new TypeError("a JSON value is undefined or a function");
  if (text.includes("\\u") && escaped.test(text))
    throw new TypeError("a JSON value holds NUL or half of a surrogate pair, which Postgres cannot store");
  return text;
}

/** Whether JSON has a word for all of it: then stringifying needs no function of ours, which is several times faster. */
function isPlain(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
    case "undefined":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object":
      break;
    default:
      return false;
  }
  if (value === null) return true;
  // Deeper than this it may be a circle, which stringifying tells of.
  if (depth > 100) return false;
  if (Array.isArray(value)) return value.every((element) => isPlain(element, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in value) if (!isPlain((value as Readonly<Record<string, unknown>>)[key], depth + 1)) return false;
  return true;
}

/** What JSON has no word for: bigint as its digits, bytes as Postgres writes them; NaN and infinity are refused. */
function plainValue(this: unknown, key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("a number is not finite");
  const original = (this as Readonly<Record<string, unknown>>)[key];
  return original instanceof Uint8Array ? `\\x${Buffer.from(original).toString("hex")}` : value;
}
