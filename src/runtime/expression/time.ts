const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1, us: 1e-3, µs: 1e-3, μs: 1e-3, ns: 1e-6 };

/**
 * The milliseconds of a duration as CEL writes it: `720h`, `1h30m`, `-1.5s`.
 * @throws RangeError for anything else, days among it: not all of them have 24 hours
 */
export function duration(text: string): number {
  const [, sign, body = ""] = /^([+-]?)(0|(?:(?:\d+(?:\.\d+)?|\.\d+)(?:h|ms|m|s|us|µs|μs|ns))+)$/.exec(text) ?? [];
  if (body === "") throw new RangeError(`"${text.slice(0, 100)}" is not a duration.`);
  let total = 0;
  for (const [, amount, unit = ""] of body.matchAll(/(\d*\.?\d+)(h|ms|m|s|us|µs|μs|ns)/g)) total += Number(amount) * (unitMs[unit] ?? 0);
  return sign === "-" ? -total : total;
}

/**
 * The instant that a text means: RFC 3339, Postgres' own text (`2026-11-22 09:30:00+01`, without an offset in UTC), or
 * a day, which is its first instant in UTC. A `Date` stays what it is.
 * @throws RangeError for anything else, `infinity` among it
 */
export function timestamp(value: unknown): Date {
  if (value instanceof Date) return value;
  const match = typeof value === "string" ? instantForm.exec(value) : null;
  if (match !== null) {
    const [, day, time = "00:00:00", fraction = "", offset = "Z"] = match;
    const instant = new Date(`${day}T${time}${fraction.slice(0, 4)}${isoOffset(offset)}`);
    if (!Number.isNaN(instant.getTime())) return instant;
  }
  throw new RangeError(`${JSON.stringify(value)?.slice(0, 100)} is not a timestamp.`);
}

const instantForm = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d:\d\d)(\.\d+)?\s?([Zz]|[+-]\d\d(?::?\d\d)?)?)?$/;

/** `+01` → `+01:00`, `+0130` → `+01:30`, `z` → `Z`. */
function isoOffset(offset: string): string {
  const [, hours, minutes = "00"] = /^([+-]\d\d):?(\d\d)?$/.exec(offset) ?? [];
  return hours === undefined ? "Z" : `${hours}:${minutes}`;
}

/** What a clock and a calendar show; months and days counted from 1, weekdays from Sunday as 0, days of the year from 0. */
export interface ZonedParts {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly dayOfYear: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly milliseconds: number;
}

/**
 * What clocks of a zone show at an instant.
 * @param zone an IANA name (`Europe/Berlin`, `UTC`) or an offset (`+02:00`)
 * @throws RangeError for an unknown zone
 */
export function inZone(instant: Date, zone: string): ZonedParts {
  const local = new Date(instant.getTime() + offsetMs(instant.getTime(), zone));
  const year = local.getUTCFullYear();
  const midnight = Date.UTC(year, local.getUTCMonth(), local.getUTCDate());
  return {
    year,
    month: local.getUTCMonth() + 1,
    day: local.getUTCDate(),
    weekday: local.getUTCDay(),
    dayOfYear: Math.round((midnight - Date.UTC(year, 0, 1)) / dayMs),
    hours: local.getUTCHours(),
    minutes: local.getUTCMinutes(),
    seconds: local.getUTCSeconds(),
    milliseconds: local.getUTCMilliseconds(),
  };
}

/**
 * The first instant of the day that it is in a zone. Where clocks skip midnight, the day begins later; where midnight
 * comes twice, with the first.
 * @throws RangeError for an unknown zone
 */
export function startOfDay(instant: Date, zone: string): Date {
  const localDay = (time: number) => Math.floor((time + offsetMs(time, zone)) / dayMs);
  const today = localDay(instant.getTime());
  const midnight = today * dayMs;
  // The offsets before and after tell when it was midnight, unless clocks were moved over it.
  const offsets = [offsetMs(midnight - dayMs, zone), offsetMs(midnight + dayMs, zone)];
  const candidates = offsets.map((offset) => midnight - offset).sort((a, b) => a - b);
  const exact = candidates.find((time) => time + offsetMs(time, zone) === midnight);
  if (exact !== undefined) return new Date(exact);
  let [before = midnight, after = midnight] = candidates;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (localDay(middle) < today) before = middle;
    else after = middle;
  }
  return new Date(after);
}

const dayMs = 86_400_000;

/** How far clocks of a zone are ahead of UTC at a time. */
function offsetMs(time: number, zone: string): number {
  if (zone === "UTC") return 0;
  const [, sign, hours, minutes] = /^([+-])(\d\d):(\d\d)$/.exec(zone) ?? [];
  if (sign !== undefined) return (sign === "-" ? -1 : 1) * (Number(hours) * 3_600_000 + Number(minutes) * 60_000);
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(time)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const whole = Math.floor(time / 1_000) * 1_000;
  return Date.UTC(year, month - 1, day, hour, minute, second) - whole;
}

// Making a format costs a hundred times what using it does; there are some 600 zones in all.
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  if (formats.size < 1_000) formats.set(zone, format);
  return format;
}
