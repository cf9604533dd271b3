// Text that is written in an expression and means something more: durations, time zones, patterns, instants.
import type { Complaint } from "./call-form.js";

const durationPart = /(\d+(?:\.\d+)?|\.\d+)([a-zµμ]*)/giy;
const durationUnits = new Set(["h", "m", "s", "ms", "us", "µs", "μs", "ns"]);
const hoursOf: Readonly<Record<string, number>> = { d: 24, day: 24, days: 24, w: 168, week: 168, weeks: 168 };
const unitWords: Readonly<Record<string, string>> = {
  hour: "h",
  hours: "h",
  min: "m",
  mins: "m",
  minute: "m",
  minutes: "m",
  sec: "s",
  seconds: "s",
};

/** `720h`, `1h30m`, `-1.5s`: units h, m, s, ms, us, ns. CEL has no days, because not all of them have 24 hours. */
export function inspectDuration(text: string): Complaint | undefined {
  const body = text.replace(/^[+-]/, "");
  if (body === "0") return undefined;
  let end = 0;
  durationPart.lastIndex = 0;
  for (let part = durationPart.exec(body); part !== null; part = durationPart.exec(body)) {
    const [, amount = "", unit = ""] = part;
    end = durationPart.lastIndex;
    if (durationUnits.has(unit)) continue;
    if (unit === "") return { message: `The duration '${text}' lacks a unit: h, m, s, ms.`, suggestions: [`${text}s`] };
    const hours = Object.hasOwn(hoursOf, unit) ? hoursOf[unit] : undefined;
    const whole = body === `${amount}${unit}`;
    if (hours !== undefined) {
      return {
        message: `A duration has no unit \`${unit}\`: write hours.`,
        ...(whole && { suggestions: [`${Number(amount) * hours}h`] }),
      };
    }
    const meant = Object.hasOwn(unitWords, unit) ? unitWords[unit] : undefined;
    return {
      message: `A duration has no unit \`${unit}\`: there are h, m, s, ms, us and ns.`,
      ...(whole && meant !== undefined && { suggestions: [`${amount}${meant}`] }),
    };
  }
  if (end === 0 || end < body.length) return { message: `'${text}' is not a duration: write for example '720h' or '1h30m'.` };
  return undefined;
}

/** RFC 3339: with `T` and an offset. */
export function inspectTimestamp(text: string): Complaint | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:([Tt ])(\d\d:\d\d:\d\d(?:\.\d+)?)([Zz]|[+-]\d\d:\d\d)?)?$/.exec(text);
  const [, day = "", , time, offset] = match ?? [];
  if (match === null || inspectDate(day) !== undefined) {
    return { message: `'${text}' is not a timestamp: write for example '2026-11-22T09:30:00Z'.` };
  }
  if (time === undefined) return { message: `The timestamp '${text}' has no time.`, suggestions: [`${day}T00:00:00Z`] };
  if (offset === undefined) return { message: `The timestamp '${text}' has no offset.`, suggestions: [`${day}T${time}Z`] };
  return Number.isNaN(Date.parse(`${day}T${time}${offset.toUpperCase()}`)) ? { message: `'${text}' is not a point in time.` } : undefined;
}

export function inspectDate(text: string): Complaint | undefined {
  const [, year = 0, month = 0, day = 0] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && day > 0;
  return real ? undefined : { message: `'${text}' is not a date: write for example '2026-11-22'.` };
}

/** An IANA name or a fixed offset. */
export function inspectZone(text: string): Complaint | undefined {
  if (/^[+-]\d\d:\d\d$/.test(text)) return undefined;
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return undefined;
  } catch {
    return { message: `There is no time zone '${text}': write for example 'Europe/Berlin' or 'UTC'.` };
  }
}

export function inspectDecimal(text: string): Complaint | undefined {
  return /^-?\d+(\.\d+)?$/.test(text) ? undefined : { message: `'${text}' is not a decimal: write for example '19.90'.` };
}

export function inspectInteger(text: string): Complaint | undefined {
  return /^-?\d+$/.test(text) ? undefined : { message: `'${text}' is not an integer.` };
}

export function inspectNumber(text: string): Complaint | undefined {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? undefined : { message: `'${text}' is not a number.` };
}

export function inspectBoolean(text: string): Complaint | undefined {
  return text === "true" || text === "false" ? undefined : { message: `'${text}' is neither 'true' nor 'false'.` };
}

export function inspectUuid(text: string): Complaint | undefined {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? undefined : { message: `'${text}' is not a uuid.` };
}

/** What JavaScript and CEL's RE2 both run: without looking around and back references, which RE2 has not. */
export function inspectPattern(text: string): Complaint | undefined {
  const foreign = /\(\?<?[=!]|\\[1-9]|\\k</.exec(text)?.[0];
  if (foreign !== undefined) return { message: `A pattern of CEL (RE2) has no \`${foreign}\`.` };
  try {
    new RegExp(text, "u");
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, "") : "";
    return { message: `The pattern does not work: ${reason}.` };
  }
}
