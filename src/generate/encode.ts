// The only ways for the text of a spec to enter generated code. Each returns code that cannot be read as anything but
// what it names, whatever the text holds; what cannot be encoded is refused.
import { hidden, sourcePragma, stringLiteral } from "../spec/string-literal.js";
import { ToolError } from "../spec/tool-error.js";

/** A string, number, boolean, null, list or plain object as a JavaScript literal. */
export function literal(value: unknown): string {
  if (typeof value === "string") return stringLiteral(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, each]) => `${propertyKey(key)}: ${literal(each)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }
  const code = JSON.stringify(value);
  if (code === undefined) throw new ToolError("internal", `A value of type ${typeof value} has no literal.`);
  return code;
}

/** A whole number with its digits in groups of three: `86_400`. */
export function numberLiteral(value: number): string {
  if (!Number.isFinite(value)) throw new ToolError("internal", `${value} has no literal.`);
  let rest = String(value);
  if (!/^-?\d{4,15}$/.test(rest)) return rest;
  let groups = "";
  for (; /\d{4}$/.test(rest); rest = rest.slice(0, -3)) groups = `_${rest.slice(-3)}${groups}`;
  return rest + groups;
}

/** Text for inside a comment, in one line, unable to end it, or to be a tag of JSDoc or a pragma of a compiler. */
export function comment(text: string): string {
  if (harmless.test(text)) return text.trim();
  return oneLine(text)
    .replace(/\*\//g, "*\\/")
    .replace(/\/\*/g, "/\\*")
    .replace(/^(\W*)@|\{@/g, (mark) => `${mark.slice(0, -1)}\\@`)
    .replace(sourcePragma, (mark) => `${mark.charAt(0)} ${mark.charAt(1)}`);
}

/** Printable ASCII without what comments, tags and pragmas are made of. */
const harmless = /^[ !"$-)+-?A-~]*$/;

/** Text as lines for inside a block comment; empty lines at the ends are left out. */
export function commentLines(text: string): readonly string[] {
  return text
    .trim()
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map(comment);
}

/** Something quoted in a comment: `` `command.sku` ``. */
export function quoted(text: string): string {
  return `\`${comment(text).replace(/`/g, "'")}\``;
}

/** A name that generated code declares or refers to. */
export function identifier(name: string): string {
  if (!/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) || reservedWords.has(name)) {
    throw new ToolError("internal", `${literal(name)} cannot be a name in generated code.`);
  }
  return name;
}

/** A property of an object literal or of an interface, quoted where it must be. */
export function propertyKey(name: string): string {
  // In an object literal `__proto__: x`, quoted or not, sets the prototype; computed, it is a property like any other.
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : literal(name);
}

/** One part of a path: no separators, no way up. */
export function pathSegment(name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) || name.endsWith(".")) {
    throw new ToolError("internal", `${literal(name)} cannot be a part of a path.`);
  }
  return name;
}

function oneLine(text: string): string {
  return text
    .replace(/\p{Cc}+/gu, " ")
    .replace(hidden, " ")
    .trim();
}

const reservedWords = new Set(
  (
    "arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if " +
    "implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof " +
    "undefined var void while with yield"
  ).split(" "),
);
