import { expect, test } from "vitest";
import { addAmounts } from "./amount.js";

test.each([
  [1, 2, 3],
  [1n, 2n, 3n],
  ["0.1", "0.2", "0.3"],
  ["1", "0.05", "1.05"],
  ["-1.5", "0.25", "-1.25"],
  ["0.5", "-0.5", "0.0"],
  ["12345678901234567890.10", "0.01", "12345678901234567890.11"],
])("%s + %s = %s", (a, b, sum) => {
  expect(addAmounts(a, b)).toBe(sum);
  expect(addAmounts(b, a)).toBe(sum);
});
