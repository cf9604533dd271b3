// ajv writes code for machines: no indentation, and eight lines for every error. This makes it code that can be read.
// Nothing is ever changed inside a string.
import { printCode } from "../code/print-code.js";

/** @param names functions of ajv that get another name */
export function layOut(lines: readonly string[], names: Readonly<Record<string, string>>): string {
  const shortened = withShortErrors(lines.map((line) => renamed(withoutSchemaPath(line), names)));
  return indented(shortened.map((line) => spaced(line).trim()))
    .join("\n")
    .replace(/^function /m, "\n$&")
    .trim();
}

function renamed(line: string, names: Readonly<Record<string, string>>): string {
  return outsideStrings(line, (code) => code.replace(/\b\w+\b/g, (word) => (Object.hasOwn(names, word) ? (names[word] ?? word) : word)));
}

/** Nobody reads the path within the schema; the path within the command is what callers are told. */
function withoutSchemaPath(line: string): string {
  return /^const err\d+ = /.test(line) ? line.replace(/,schemaPath:"(?:[^"\\]|\\.)*"/, "") : line;
}

function withShortErrors(lines: readonly string[]): readonly string[] {
  return lines
    .join("\n")
    .replace(
      /const (err\d+) = (\{.*\});\nif\(vErrors === null\)\{\nvErrors = \[\1\];\n\}\nelse \{\nvErrors\.push\(\1\);\n\}\nerrors\+\+;/g,
      "(vErrors ??= []).push($2);\nerrors++;",
    )
    .split("\n");
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
      .replace(/([\w\])])\}(?=[,)}]|=|$)/g, "$1 }")
      .replace(/([\w}])=(?=[\w{[]|$)/g, "$1 = ")
      .replace(/(\w)\+$/, "$1 + ")
      .replace(/^\+(?=\w)/, " + ")
      .replace(/(\w)<(?=\w)/g, "$1 < ")
      .replace(/!\((formats\d+(?:\.test)?\(\w+(?:\.\w+)?\))\)/g, "!$1")
      .replace(/^\}/, first ? "}" : " }"),
  );
  return joinedStrings(withFewerParentheses(knownKeys(blanks)));
}

function withFewerParentheses(line: string): string {
  return line
    .replace(
      /\(\(\(typeof (\w+) == "number"\) && \((!\(\1 % 1\) && !isNaN\(\1\))\)\) && \((isFinite\(\1\))\)\)/,
      '(typeof $1 == "number" && $2 && $3)',
    )
    .replace(/\(typeof ([\w.]+) == "number"\) && \((isFinite\(\1\))\)/, 'typeof $1 == "number" && $2')
    .replace(/!\((validate\d+\(.*\))\)\) \{$/, "!$1) {");
}

/** `!(((key0 === "a") || (key0 === "b")) || (key0 === "c"))` without the inner parentheses. */
function knownKeys(line: string): string {
  const keys = /^if \(!\(((?:[()| ]|(key\d+) === "(?:[^"\\]|\\.)*")*)\)\) \{$/.exec(line);
  return keys === null ? line : `if (!(${(keys[1]?.match(/key\d+ === "(?:[^"\\]|\\.)*"/g) ?? []).join(" || ")})) {`;
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

function indented(lines: readonly string[]): readonly string[] {
  let depth = 0;
  const output: string[] = [];
  for (const line of lines) {
    const code = line.startsWith("const formats") || line.startsWith("const schema") ? "" : line.replace(/"(?:[^"\\]|\\.)*"/g, '""');
    if (line === "else {" && output.at(-1)?.trim() === "}") output[output.length - 1] += " else {";
    else output.push(wrapped(line, Math.max(0, /^[}\])]/.test(code) ? depth - 1 : depth) * 2));
    depth += code.split("{").length - code.split("}").length;
    if (depth === 0 && line === "}") output.push("");
  }
  return output;
}

/** An error on one line where it fits, else a property a line. */
function wrapped(line: string, indent: number): string {
  const margin = " ".repeat(indent);
  const head = "(vErrors ??= []).push(";
  const error = /^\(vErrors \?\?= \[\]\)\.push\(\{ (.*) \}\);$/.exec(line)?.[1];
  if (error === undefined) return margin + line;
  const entries = [...error.matchAll(/(\w+)(?:: ((?:"(?:[^"\\]|\\.)*"|\{[^{}]*\}|[^,"{}])+))?(?:, |$)/g)].map(
    ([, key = "", value = key]) => ({
      key,
      value: key === "message" ? singleQuoted(value) : value,
    }),
  );
  return `${margin}${head}${printCode({ kind: "object", entries, expanded: false }, { indent, used: indent + head.length, after: 2 })});`;
}

/** The quotes that need fewer backslashes. */
function singleQuoted(text: string): string {
  return /^"(?:[^"\\']|\\.)*"$/.test(text) && text.includes('\\"') ? `'${text.slice(1, -1).replaceAll('\\"', '"')}'` : text;
}

function outsideStrings(line: string, map: (code: string, first: boolean) => string): string {
  // A format is a regular expression, and a schema is JSON: both stay as they are.
  if (line.startsWith("const formats") || line.startsWith("const schema")) return line;
  return (line.match(/"(?:[^"\\]|\\.)*"|[^"]+/g) ?? [])
    .map((part, index) => (part.startsWith('"') ? part : map(part, index === 0)))
    .join("");
}
