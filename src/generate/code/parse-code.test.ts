import { expect, test } from "vitest";
import { parseCode } from "./parse-code.js";
import { printCode } from "./print-code.js";

const long = (letter: string) => letter.repeat(60);

test.each([
  ["a && b || c", "(a && b) || c"],
  ['x === " || " && y', 'x === " || " && y'],
  ["f(a || b, c && d)", "f(a || b, c && d)"],
  ["a ? b : c ? d : e", "a ? b : c ? d : e"],
  ["a ? b ? c : d : e", "a ? b ? c : d : e"],
  ["a === ' ? \" (\" && ' ? b : c", "a === ' ? \" (\" && ' ? b : c"],
  ['a ? " : " : b', 'a ? " : " : b'],
])("%s is written %s", (text, printed) => expect(printCode(parseCode(text))).toBe(printed));

test("breaks at the loosest operator first", () => {
  const [a, b, c] = ["a", "b", "c"].map(long);
  expect(printCode(parseCode(`${a} && ${b} || ${c}`))).toBe(`(${a} && ${b}) ||\n${c}`);
  expect(printCode(parseCode(`${a} ? ${b} : ${c}`))).toBe(`${a}\n  ? ${b}\n  : ${c}`);
});
