import { describe, expect, test } from "vitest";
import * as expression from "./expression.js";

const { decimal, duration, inZone, startOfDay, timestamp } = expression;

describe("decimal", () => {
  test.each([
    ["plus", decimal("0.1").plus("0.2"), "0.3"],
    ["plus keeps the longer fraction", decimal("1.10").plus(2), "3.10"],
    ["minus below zero", decimal("0.05").minus("0.10"), "-0.05"],
    ["times adds the fractions", decimal("1.10").times("2.5"), "2.750"],
    ["large", decimal("99999999999999999999.99").times(3), "299999999999999999999.97"],
    ["a bigint", decimal(9_007_199_254_740_993n).plus("0.5"), "9007199254740993.5"],
    ["negated", decimal("12.50").negated(), "-12.50"],
    ["negated zero", decimal("0.00").negated(), "0.00"],
    ["abs", decimal("-0.01").abs(), "0.01"],
    ["a plus sign", decimal("+1.0"), "1.0"],
    ["leading zeros", decimal("007.10"), "7.10"],
    ["a decimal of a decimal", decimal(decimal("1.20")), "1.20"],
    ["round down", decimal("2.344").round(2), "2.34"],
    ["round a half away from zero", decimal("2.345").round(2), "2.35"],
    ["round a negative half away from zero", decimal("-2.345").round(2), "-2.35"],
    ["round to an integer", decimal("0.5").round(0), "1"],
    ["round fills up", decimal("1.5").round(3), "1.500"],
    ["sum", expression.sumOfDecimals(["0.10", decimal("0.2"), 1]), "1.30"],
    ["sum of nothing", expression.sumOfDecimals([]), "0"],
  ])("%s", (_title, value, text) => {
    expect(value.toString()).toBe(text);
    expect(JSON.stringify({ value })).toBe(`{"value":"${text}"}`);
  });

  test.each<[a: string, b: string, order: -1 | 0 | 1]>([
    ["1.0", "1.00", 0],
    ["-0", "0", 0],
    ["9", "10", -1],
    ["-9", "-10", 1],
    ["0.1", "0.09", 1],
    ["12345678901234567890.1", "12345678901234567890.2", -1],
  ])("%s compared with %s", (a, b, order) => {
    expect(decimal(a).equals(b)).toBe(order === 0);
    expect(decimal(a).lessThan(b)).toBe(order < 0);
    expect(decimal(a).lessThanOrEqualTo(b)).toBe(order <= 0);
    expect(decimal(a).greaterThan(b)).toBe(order > 0);
    expect(decimal(a).greaterThanOrEqualTo(b)).toBe(order >= 0);
  });

  test.each(["", "1.", ".5", "1e3", "NaN", "Infinity", "1,5", " 1", "0x10", "1.2.3"])("%j is no decimal", (text) => {
    expect(() => decimal(text)).toThrow(RangeError);
  });

  test.each([0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("the number %d is refused", (value) => {
    expect(() => decimal(value)).toThrow(/not an exact integer/);
  });
});

test.each([
  ["0", 0],
  ["1s", 1_000],
  ["720h", 2_592_000_000],
  ["1h30m", 5_400_000],
  ["-1.5s", -1_500],
  ["250ms", 250],
  ["1m1s1ms", 61_001],
  [".5h", 1_800_000],
])("duration %s", (text, milliseconds) => expect(duration(text)).toBe(milliseconds));

test.each(["", "30d", "h", "1", "1 h", "1h ", "--1s", "1hour", "PT1H"])("%j is no duration", (text) => {
  expect(() => duration(text)).toThrow(RangeError);
});

test.each([
  ["2026-11-22T09:30:00Z", "2026-11-22T09:30:00.000Z"],
  ["2026-11-22t09:30:00z", "2026-11-22T09:30:00.000Z"],
  ["2026-11-22T09:30:00.123456+02:00", "2026-11-22T07:30:00.123Z"],
  ["2026-11-22 09:30:00+01", "2026-11-22T08:30:00.000Z"],
  ["2026-11-22 09:30:00.5-0330", "2026-11-22T13:00:00.500Z"],
  ["2026-11-22 09:30:00", "2026-11-22T09:30:00.000Z"],
  ["2026-11-22", "2026-11-22T00:00:00.000Z"],
])("timestamp %s", (text, instant) => expect(timestamp(text).toISOString()).toBe(instant));

test.each(["", "infinity", "2026-13-01T00:00:00Z", "tomorrow", "2026-11-22T25:00:00Z", 5, null, undefined])(
  "%j is no timestamp",
  (value) => {
    expect(() => timestamp(value)).toThrow(RangeError);
  },
);

test("a timestamp that is a Date already stays the same", () => {
  const now = new Date(5);
  expect(timestamp(now)).toBe(now);
});

test.each([
  ["UTC", { year: 2026, month: 1, day: 1, weekday: 4, dayOfYear: 0, hours: 0, minutes: 30, seconds: 15, milliseconds: 250 }],
  ["Europe/Berlin", { year: 2026, month: 1, day: 1, hours: 1, minutes: 30 }],
  ["America/New_York", { year: 2025, month: 12, day: 31, weekday: 3, dayOfYear: 364, hours: 19 }],
  ["Asia/Kolkata", { day: 1, hours: 6, minutes: 0 }],
  ["-03:30", { year: 2025, day: 31, hours: 21, minutes: 0 }],
])("what clocks show in %s", (zone, parts) => {
  expect(inZone(new Date("2026-01-01T00:30:15.250Z"), zone)).toMatchObject(parts);
});

test("the last day of a leap year is its 366th", () => {
  expect(inZone(new Date("2028-12-31T12:00:00Z"), "UTC").dayOfYear).toBe(365);
});

test.each([
  ["in winter", "2026-01-15T12:00:00Z", "Europe/Berlin", "2026-01-14T23:00:00.000Z"],
  ["in summer", "2026-07-15T12:00:00Z", "Europe/Berlin", "2026-07-14T22:00:00.000Z"],
  ["on the day of 23 hours", "2026-03-29T20:00:00Z", "Europe/Berlin", "2026-03-28T23:00:00.000Z"],
  ["on the day of 25 hours", "2026-10-25T20:00:00Z", "Europe/Berlin", "2026-10-24T22:00:00.000Z"],
  ["just before midnight", "2026-07-14T21:59:59.999Z", "Europe/Berlin", "2026-07-13T22:00:00.000Z"],
  ["at midnight", "2026-07-14T22:00:00Z", "Europe/Berlin", "2026-07-14T22:00:00.000Z"],
  // Clocks went from 24:00 to 01:00: that day began at one.
  ["where midnight was skipped", "2018-11-04T15:00:00Z", "America/Sao_Paulo", "2018-11-04T03:00:00.000Z"],
  // Clocks went from 01:00 to 00:00: the first midnight counts.
  ["where midnight came twice", "2025-11-02T20:00:00Z", "America/Havana", "2025-11-02T04:00:00.000Z"],
  ["in UTC", "2026-07-15T12:00:00Z", "UTC", "2026-07-15T00:00:00.000Z"],
  ["at an offset", "2026-07-15T20:00:00Z", "+05:30", "2026-07-15T18:30:00.000Z"],
  ["before 1970", "1960-05-05T00:00:00Z", "Europe/London", "1960-05-04T23:00:00.000Z"],
])("the day starts %s", (_title, instant, zone, start) => {
  expect(startOfDay(new Date(instant), zone).toISOString()).toBe(start);
});

test("an unknown zone", () => expect(() => startOfDay(new Date(0), "Mars/Olympus")).toThrow(RangeError));

describe("text counts characters", () => {
  test.each<[unknown, unknown]>([
    [expression.size("héllo"), 5],
    [expression.size("👋🏽"), 2],
    [expression.size(""), 0],
    [expression.substring("a👋b", 1), "👋b"],
    [expression.substring("a👋b", 0, 2), "a👋"],
    [expression.lowerAscii("ÀB-ß"), "Àb-ß"],
    [expression.upperAscii("àb-ß"), "àB-ß"],
  ])("%j", (value, wanted) => expect(value).toEqual(wanted));
});

test.each<[value: unknown, int: number | "refused", double: number | "refused"]>([
  [3.9, 3, 3.9],
  [-3.9, -3, -3.9],
  ["-12", -12, -12],
  ["1.5", "refused", 1.5],
  ["", "refused", "refused"],
  ["x", "refused", "refused"],
  [10n, 10, 10],
  [2n ** 60n, "refused", 2 ** 60],
  [decimal("-7.99"), -7, -7.99],
  [null, "refused", "refused"],
  [{}, "refused", "refused"],
  [Number.NaN, "refused", "refused"],
])("%s as a number", (value, int, double) => {
  if (int === "refused") expect(() => expression.int(value)).toThrow(RangeError);
  else expect(expression.int(value)).toBe(int);
  if (double === "refused") expect(() => expression.double(value)).toThrow(RangeError);
  else expect(expression.double(value)).toBe(double);
});

test("text and booleans of JSON", () => {
  expect([expression.string("x"), expression.string(3), expression.string(true)]).toEqual(["x", "3", "true"]);
  expect(() => expression.string({})).toThrow(RangeError);
  expect([expression.bool("false"), expression.bool(true)]).toEqual([false, true]);
  expect(() => expression.bool("yes")).toThrow(RangeError);
});

test("members of JSON are own members", () => {
  expect(expression.jsonMember({ a: 1 }, "a")).toBe(1);
  expect(expression.jsonMember([5, 6], 1)).toBe(6);
  expect(expression.jsonMember({}, "constructor")).toBeUndefined();
  expect(expression.jsonMember(null, "a")).toBeUndefined();
  expect(expression.jsonMember("text", "length")).toBeUndefined();
});

test("what must be there", () => {
  expect(expression.present(0)).toBe(0);
  expect(() => expression.present(null)).toThrow(TypeError);
  expect(expression.whenPresent(2, (value) => value + 1)).toBe(3);
  expect(expression.whenPresent(null as number | null, (value) => value + 1)).toBeNull();
  expect(expression.entryOf(new Map([["a", 1]]), "a")).toBe(1);
  expect(() => expression.entryOf(new Map([["a", 1]]), "b")).toThrow(/no entry for b/);
  expect(expression.elementOf(["x"], 0)).toBe("x");
  for (const index of [1, -1, 0.5]) expect(() => expression.elementOf(["x"], index)).toThrow(RangeError);
});

test("integers divide towards zero, and not by zero", () => {
  expect([expression.quotient(7, 2), expression.quotient(-7, 2), expression.remainder(-7, 2)]).toEqual([3, -3, -1]);
  expect(() => expression.quotient(1, 0)).toThrow(RangeError);
  expect(() => expression.remainder(1, 0)).toThrow(RangeError);
});

test("sums and uniqueness", () => {
  expect(expression.sum([1, 2, 3])).toBe(6);
  expect(expression.sumOfBigints([1n, "9007199254740993"])).toBe(9_007_199_254_740_994n);
  expect(expression.isUnique(["a", "b"])).toBe(true);
  expect(expression.isUnique([new Date(5), new Date(5)])).toBe(false);
  expect(expression.isUnique([decimal("1.0"), decimal("1")])).toBe(false);
  expect(expression.isUnique([decimal("10"), decimal("1")])).toBe(true);
  expect(expression.isUnique([1n, 1n])).toBe(false);
});

describe("claims", () => {
  const actor = { claims: { plan: "pro", limit: 3, beta: true } };
  test("as they are declared", () => {
    expect(expression.stringClaim(actor, "plan", ["free", "pro"])).toBe("pro");
    expect(expression.numberClaim(actor, "limit")).toBe(3);
    expect(expression.booleanClaim(actor, "beta")).toBe(true);
    expect(expression.claim({}, "plan")).toBeUndefined();
    expect(expression.claim(actor, "toString")).toBeUndefined();
  });
  test("anything else is refused, without telling what it was", () => {
    expect(() => expression.stringClaim(actor, "plan", ["free"])).toThrow('The actor\'s claim "plan" is not free.');
    expect(() => expression.numberClaim(actor, "plan")).toThrow(TypeError);
    expect(() => expression.booleanClaim({}, "beta")).toThrow(TypeError);
  });
});
