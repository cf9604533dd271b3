// ajv writes code for machines: no indentation, and eight lines for every error. This makes it code that can be read, in
// lines that depend on nothing but itself: an object has one entry a line. Nothing is ever changed inside a string.
import type { Code } from "../code/code.js";
import { lineWidth, printCode } from "../code/print-code.js";
import { conditionCode } from "./condition.js";

/**
 * @param lines as ajv writes them
 * @param depth of the first, in blocks
 */
export function layOut(lines: readonly string[], depth = 0): string {
  const output: string[] = [];
  let inside = depth;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const error = /^const err\d+ = (\{.*\});$/.exec(line)?.[1];
    if (error !== undefined) {
      output.push(indented(`(vErrors ??= []).push(${errorCode(error, inside)});`, inside));
      // `if(vErrors === null){`, `vErrors = [err0];`, `}`, `else {`, `vErrors.push(err0);`, `}`
      index += 6;
      continue;
    }
    if (line === "}") inside--;
    if (line === "else {" && output.at(-1) === indented("}", inside)) output[output.length - 1] += " else {";
    else output.push(indented(statement(line, inside), inside));
    if (line.endsWith("{")) inside++;
  }
  return output.join("\n");
}

function indented(line: string, depth: number): string {
  return "  ".repeat(depth) + line;
}

function trimmedAndSpaced(line: string): string {
  return withPoint(spaced(line).trim());
}

/** `data.id = …` for `data["id"] = …` */
function withPoint(line: string): string {
  return line.replace(/^(data\d*)\["([A-Za-z_]\w*)"\] = /, "$1.$2 = ");
}

/** The blanks that a person would set, and no parentheses that say nothing. */
function spaced(line: string): string {
  const blanks = outsideStrings(line, (code, first) =>
    code
      .replace(/\b(if|for|while|switch)\(/g, "$1 (")
      .replace(/\)\{/g, ") {")
      .replace(/,(?=\S)/g, ", ")
      .replace(/(\w):(?=\S|$)/g, "$1: ")
      .replace(/\{(?=[\w.])/g, "{ ")
      .replace(/([\w\])])\}(?=[,;)}]|=|$)/g, "$1 }")
      .replace(/([\w}])=(?=[\w{[]|$)/g, "$1 = ")
      .replace(/(\w)\+$/, "$1 + ")
      .replace(/^\+(?=\w)/, " + ")
      .replace(/(\w)<(?=\w)/g, "$1 < ")
      .replace(/^\}/, first ? "}" : " }"),
  );
  return joinedStrings(blanks);
}

/** Two strings that are added up are one. */
function joinedStrings(line: string): string {
  const parts = line.match(/"(?:[^"\\]|\\.)*"|[^"]+/g) ?? [];
  return parts.reduce((text, part, index) => {
    const joins = part === "+" && parts[index - 1]?.startsWith('"') && parts[index + 1]?.startsWith('"');
    if (joins) return text.slice(0, -1);
    return parts[index - 1] === "+" && parts[index - 2]?.startsWith('"') && part.startsWith('"') ? text + part.slice(1) : text + part;
  }, "");
}

function statement(line: string, depth: number): string {
  const text = trimmedAndSpaced(line);
  const condition = /^if \((.*)\) \{$/.exec(text)?.[1];
  return condition === undefined ? text : ifLine(conditionCode(condition), depth);
}

/** Nobody reads the path within the schema; the path within the command is what callers are told. */
function errorCode(error: string, depth: number): string {
  const read = trimmedAndSpaced(error.replace(/,schemaPath:"(?:[^"\\]|\\.)*"/, ""));
  return printCode(objectCode(read.slice(2, -2)), { indent: depth * 2, after: 2 });
}

function objectCode(properties: string): Code {
  const entries = [...properties.matchAll(/(\w+)(?:: ((?:"(?:[^"\\]|\\.)*"|\{(?:"(?:[^"\\]|\\.)*"|[^{}"])*\}|[^,"{}])+))?(?:, |$)/g)];
  return { kind: "object", expanded: true, entries: entries.map(([, key = "", value = key]) => ({ key, value: singleQuoted(value) })) };
}

/** `if (…) {` */
export function ifLine(condition: Code, depth: number): string {
  const inner = depth * 2 + 2;
  const flat = printCode(condition);
  const [, call, properties = ""] = /^(![\w.]+\([^{]*, )\{ (.*) \}\)$/.exec(flat) ?? [];
  if (call === undefined && !flat.includes("\n") && depth * 2 + `if (${flat}) {`.length <= lineWidth) return `if (${flat}) {`;
  const code =
    call === undefined
      ? printCode(condition, { indent: inner, used: inner })
      : `${call}${printCode(objectCode(properties), { indent: inner, after: 1 })})`;
  return `if (\n${" ".repeat(inner)}${code}\n${" ".repeat(depth * 2)}) {`;
}

/** The quotes that need fewer backslashes. */
function singleQuoted(text: string): string {
  return /^"(?:[^"\\']|\\.)*"$/.test(text) && text.includes('\\"') ? `'${text.slice(1, -1).replaceAll('\\"', '"')}'` : text;
}

function outsideStrings(line: string, map: (code: string, first: boolean) => string): string {
  return (line.match(/"(?:[^"\\]|\\.)*"|[^"]+/g) ?? [])
    .map((part, index) => (part.startsWith('"') ? part : map(part, index === 0)))
    .join("");
}
