// The formats of the spec language's types. Regular expressions here have no nested repetition: they are linear.

/** A string's format, by its name in JSON Schema; `decimal` and `bigint` are numbers written as strings. */
export const formats = {
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  date: isDate,
  "date-time": isTimestamp,
  decimal: /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/,
  bigint: /^-?(?:0|[1-9]\d*)$/,
  email: isEmail,
  uri: isUri,
} as const;

/** RFC 3339 full-date, a day that exists: `2026-11-22`. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith("0000")) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** RFC 3339 date-time, with its offset: `2026-11-22T10:00:00Z`. Without leap seconds, which a Date cannot hold. */
function isTimestamp(text: string): boolean {
  const match = /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:[Zz]|[+-](\d{2}):(\d{2}))$/.exec(text);
  if (match === null) return false;
  const [, date = "", hour, minute, second, offsetHour = "0", offsetMinute = "0"] = match;
  const below = (digits: string | undefined, limit: number) => Number(digits) < limit;
  return isDate(date) && below(hour, 24) && below(minute, 60) && below(second, 60) && below(offsetHour, 24) && below(offsetMinute, 60);
}

/** An address as HTML's e-mail inputs take it, with a dot in the domain, within RFC 5321's lengths. */
function isEmail(text: string): boolean {
  const at = text.lastIndexOf("@");
  const domain = text.slice(at + 1);
  if (at < 1 || at > 64 || text.length > 254 || !domain.includes(".")) return false;
  const isLabel = (label: string) => /^[a-z0-9-]{1,63}$/i.test(label) && !label.startsWith("-") && !label.endsWith("-");
  return /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+$/i.test(text.slice(0, at)) && domain.split(".").every(isLabel);
}

/** An absolute URI of RFC 3986, as far as its characters go, that the platform can parse. */
function isUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:(?:[a-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9a-f]{2})+$/i.test(text) && URL.canParse(text);
}
