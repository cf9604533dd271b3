import { expect, test } from "vitest";
import { canonicalValue } from "./canonical-value.js";

test.each([
  ["uuid", "018F3C5E-0000-7000-8000-00000000000A", "{018f3c5e-0000-7000-8000-00000000000a}"],
  ["numeric", "1", "1.00"],
  ["numeric", "-0.50", "-.5"],
  ["numeric", "0", "-0.0"],
  ["numeric", "+007", "7"],
  ["citext", "Ann", "ANN"],
  ["bpchar", "ab   ", "ab"],
  ["date", "2026-11-22", "2026-11-22T00:00:00.000Z"],
  ["timestamp with time zone", "2026-11-22T10:00:00.120Z", "2026-11-22 12:00:00.12+02"],
  ["timestamp with time zone", "2026-11-22T10:00:00Z", "2026-11-22 15:30:00+05:30"],
  ["timestamp", "2026-11-22T10:00:00.000Z", "2026-11-22 10:00:00"],
])("%s: %s and %s are one value", (type, a, b) => {
  expect(canonicalValue(type, a)).toBe(canonicalValue(type, b));
});

test.each([
  ["text", "a", "A"],
  ["numeric", "1", "10"],
  ["numeric", "1.5", "-1.5"],
  ["timestamp with time zone", "2026-11-22 10:00:00.123456+00", "2026-11-22 10:00:00.123457+00"],
  ["uuid", null, "018f3c5e-0000-7000-8000-00000000000a"],
])("%s: %s and %s are two", (type, a, b) => {
  expect(canonicalValue(type, a)).not.toBe(canonicalValue(type, b));
});
