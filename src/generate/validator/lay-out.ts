// ajv writes code for machines: no indentation, and eight lines for every error. This makes it code that can be read.
// Nothing is ever changed inside a string.
import type { Code } from "../code/code.js";
import { lineWidth, printCode } from "../code/print-code.js";
import { literal, propertyKey } from "../encode.js";
import { conditionCode } from "./condition.js";

/** @param names functions of ajv that get another name */
export function layOut(lines: readonly string[], names: ReadonlyMap<string, string>): string {
  // A field of the same name, behind its point, stays what it is.
  const old = new RegExp(`(?<![.\\w$])(?:${[...names.keys()].join("|")})\\b`, "g");
  const renamed = lines.map((line) =>
    outsideStrings(withoutSchemaPath(line), (code) => code.replace(old, (name) => names.get(name) ?? name)),
  );
  const shortened = withShortErrors(renamed);
  return indented(shortened.map(trimmedAndSpaced))
    .join("\n")
    .replace(/\n+(?=(?:export )?function )/g, "\n\n")
    .trim();
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

/** ajv writes the same lines again and again. */
const trimmedAndSpaced = memoised((line) => withPoint(spaced(line).trim()));

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

/** A line, indented, and broken where it is too long. */
function wrapped(line: string, indent: number): string {
  return wrappedLine(" ".repeat(indent) + line);
}

const wrappedLine = memoised((indented) => {
  const line = indented.trimStart();
  const indent = indented.length - line.length;
  return " ".repeat(indent) + (error(line, indent) ?? condition(line, indent) ?? schema(line) ?? line);
});

/** As a table of what has been asked, which is emptied when it is large. */
function memoised(of: (line: string) => string): (line: string) => string {
  const known = new Map<string, string>();
  return (line) => {
    let text = known.get(line);
    if (text === undefined) {
      if (known.size >= mostKnown) known.clear();
      text = of(line);
      known.set(line, text);
    }
    return text;
  };
}

const mostKnown = 2_000;

/** `(vErrors ??= []).push({ instancePath, … });` */
function error(line: string, indent: number): string | undefined {
  const head = "(vErrors ??= []).push(";
  const properties = /^\(vErrors \?\?= \[\]\)\.push\(\{ (.*) \}\);$/.exec(line)?.[1];
  return properties === undefined
    ? undefined
    : `${head}${printCode(objectCode(properties), { indent, used: indent + head.length, after: 2 })});`;
}

function objectCode(properties: string): Code {
  const entries = [...properties.matchAll(/(\w+)(?:: ((?:"(?:[^"\\]|\\.)*"|\{(?:"(?:[^"\\]|\\.)*"|[^{}"])*\}|[^,"{}])+))?(?:, |$)/g)];
  return { kind: "object", expanded: false, entries: entries.map(([, key = "", value = key]) => ({ key, value: singleQuoted(value) })) };
}

/** `if (…) {` */
function condition(line: string, indent: number): string | undefined {
  const text = /^if \((.*)\) \{$/.exec(line)?.[1];
  if (text === undefined) return undefined;
  const flat = printCode(conditionCode(text));
  if (!flat.includes("\n") && indent + `if (${flat}) {`.length <= lineWidth) return `if (${flat}) {`;
  const call = /^(![\w.]+\([^{]*, )\{ (.*) \}\)$/.exec(flat);
  const inner = indent + 2;
  const margin = `\n${" ".repeat(inner)}`;
  const [, head = "", properties = ""] = call ?? [];
  const code =
    call === null
      ? printCode(conditionCode(text), { indent: inner, used: inner })
      : `${head}${printCode(objectCode(properties), { indent: inner, used: inner + head.length, after: 1 })})`;
  return `if (${margin}${code}\n${" ".repeat(indent)}) {`;
}

/** `const schema0 = {…};` */
function schema(line: string): string | undefined {
  const [, head = "", json] = /^(const schema\d+ = )(.*);$/.exec(line) ?? [];
  return json === undefined ? undefined : `${head}${printCode(valueCode(JSON.parse(json)), { used: head.length, after: 1 })};`;
}

function valueCode(value: unknown): Code {
  if (Array.isArray(value)) return { kind: "array", items: value.map(valueCode) };
  if (typeof value !== "object" || value === null) return literal(value);
  return {
    kind: "object",
    expanded: false,
    entries: Object.entries(value).map(([key, each]) => ({ key: propertyKey(key), value: valueCode(each) })),
  };
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
