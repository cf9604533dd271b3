import type { JsonValue } from "../model.js";
import { hasForbiddenCharacter } from "./check-characters.js";

type Mapping = Record<string, JsonValue>;

/** A text, and the place in it up to which it has been read. */
interface Reader {
  readonly text: string;
  at: number;
  /** Where the line starts that is read. */
  line: number;
  /** How far it is indented; -1 at the end of the text. */
  indent: number;
}

/** Deeper ones are left to the parser, which says what is wrong with them. */
const deepest = 32;

// Tokens, each as an expression that finds its end: a loop over the characters takes longer.
const name = /(?!(?:null|true|false|__proto__):)[a-z_$][\w.$?-]{0,199}:(?: +|(?=\n|$))/iy;
const dash = /-(?: +|(?=\n|$))/y;
const openingBracket = /[{[] */y;
/** A colon belongs to a text unless it is before a space, a hash unless it is behind one. */
const plainText = /(?:[A-Za-z(_/\xc0-\uffff]|-?[0-9])(?:[^ :\n]|:(?=[^ \n])| +(?=[^ #\n]))*/y;
const plainTextInBrackets = /(?:[A-Za-z(_/\xc0-\uffff]|-?[0-9])(?:[^ :\n,{}[\]#]|:(?=[^ \n,{}[\]#])| +(?=[^ \n,{}[\]#]))*/y;
const textInDoubleQuotes = /"(?:[^"\\\n]|\\.)*"/y;
const textInSingleQuotes = /'(?:[^'\n]|'')*'/y;
const separator = / *(?:, +(?=[^ \]}])|(?=[\]}]))/y;
/** With the lines below that are empty or comments, up to the first character of the next one. */
const lineEnd = / *(?:(?<= )#.*)?(?:\n(?: *(?:#.*)?\n)* *(?:#.*)?|$)/y;

const constant = /^(?:null|true|false)$/i;
/** Every plain text that YAML might take for a number. */
const numberLike = /^-?(?:[0-9][0-9.]*(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+)$/;

/**
 * The value of a text that keeps to the plain part of YAML in which nearly every spec is written: mappings and lists
 * by indentation or on one line in brackets, and texts on one line. No positions and no second thoughts: whatever is
 * not certain (an anchor, a tag, a text over several lines, a mistake) gives undefined, and the parser decides. Some
 * twenty times as fast as that; a test holds the two to the same answers.
 */
export function plainYaml(text: string): JsonValue | undefined {
  if (/[\t\r]|^(?:---|\.\.\.|%)/m.test(text)) return undefined;
  // Every line is below the end of one.
  const reader: Reader = { text: `\n${text}`, at: 0, line: 0, indent: 0 };
  nextLine(reader);
  return reader.indent === 0 ? mapping(reader, takeName(reader), 0, 0) : undefined;
}

/** The mapping whose first key has been read; the others are on lines of the same column. */
function mapping(reader: Reader, first: string | undefined, column: number, depth: number): Mapping | undefined {
  if (depth > deepest) return undefined;
  const value: Mapping = Object.create(null);
  for (let key = first; key !== undefined && !(key in value); key = takeName(reader)) {
    const child = valueAt(reader, column, depth, true);
    if (child === undefined) return undefined;
    value[key] = child;
    if (reader.indent !== column) return reader.indent < column ? value : undefined;
  }
  return undefined;
}

/** The list whose first dash has been read. */
function list(reader: Reader, column: number, depth: number): JsonValue[] | undefined {
  if (depth > deepest) return undefined;
  const items: JsonValue[] = [];
  do {
    const inner = reader.at - reader.line;
    const key = takeName(reader);
    const item = key === undefined ? valueAt(reader, column, depth, false) : mapping(reader, key, inner, depth + 1);
    if (item === undefined) return undefined;
    items.push(item);
  } while (reader.indent === column && skip(reader, dash));
  return reader.indent > column ? undefined : items;
}

/** What stands after a colon or a dash, on this line or below it. Ends on the first line that is not part of it. */
function valueAt(reader: Reader, column: number, depth: number, inMapping: boolean): JsonValue | undefined {
  if (nextLine(reader)) {
    const { indent } = reader;
    if (indent < column || (indent === column && !inMapping)) return null;
    if (skip(reader, dash)) return list(reader, indent, depth + 1);
    return indent === column ? null : mapping(reader, takeName(reader), indent, depth + 1);
  }
  const value = onLine(reader, plainText, depth);
  // Anything further in would go on with this value.
  return value !== undefined && nextLine(reader) && reader.indent <= column ? value : undefined;
}

/** A text or a collection in brackets. */
function onLine(reader: Reader, plain: RegExp, depth: number): JsonValue | undefined {
  switch (reader.text.charCodeAt(reader.at)) {
    case openBrace:
      return mappingInBraces(reader, depth + 1);
    case openBracket:
      return listInBrackets(reader, depth + 1);
    case doubleQuote:
      return inDoubleQuotes(take(reader, textInDoubleQuotes));
    case singleQuote:
      return take(reader, textInSingleQuotes)?.slice(1, -1).replaceAll("''", "'");
    default:
      return unquoted(take(reader, plain));
  }
}

function mappingInBraces(reader: Reader, depth: number): Mapping | undefined {
  if (depth > deepest) return undefined;
  const value: Mapping = Object.create(null);
  skip(reader, openingBracket);
  while (!closes(reader, closeBrace)) {
    const key = takeName(reader);
    if (key === undefined || key in value) return undefined;
    const child = onLineInBrackets(reader, depth);
    if (child === undefined) return undefined;
    value[key] = child;
  }
  return value;
}

function listInBrackets(reader: Reader, depth: number): JsonValue[] | undefined {
  if (depth > deepest) return undefined;
  const items: JsonValue[] = [];
  skip(reader, openingBracket);
  while (!closes(reader, closeBracket)) {
    const item = onLineInBrackets(reader, depth);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

function closes(reader: Reader, bracket: number): boolean {
  if (reader.text.charCodeAt(reader.at) !== bracket) return false;
  reader.at += 1;
  return true;
}

/** With the comma behind it. */
function onLineInBrackets(reader: Reader, depth: number): JsonValue | undefined {
  const value = onLine(reader, plainTextInBrackets, depth);
  // A call that a comma has cut in two is a mistake that the parser explains.
  if (typeof value === "string" && value.includes("(") && value.split("(").length !== value.split(")").length) return undefined;
  return skip(reader, separator) ? value : undefined;
}

function inDoubleQuotes(written: string | undefined): string | undefined {
  if (written?.includes("\\") !== true) return written?.slice(1, -1);
  try {
    // What JSON has of escapes, YAML has with the same meaning.
    const value = JSON.parse(written) as string;
    return hasForbiddenCharacter(value) ? undefined : value;
  } catch {
    return undefined;
  }
}

/** Text without quotes; or a number, a boolean, null. */
function unquoted(written: string | undefined): JsonValue | undefined {
  if (written === undefined) return undefined;
  if (numberLike.test(written)) {
    const value = Number(written);
    // Another spelling of a number matters in an expression: `1.0` is a double there.
    const asWritten = String(value) === written && (!Number.isInteger(value) || Number.isSafeInteger(value));
    return asWritten ? value : undefined;
  }
  switch (written) {
    case "true":
      return true;
    case "false":
      return false;
    case "null":
      return null;
    default:
      return written.length <= 5 && constant.test(written) ? undefined : written;
  }
}

/** With its colon and the spaces behind that. */
function takeName(reader: Reader): string | undefined {
  const { text, at } = reader;
  return skip(reader, name) ? text.slice(at, text.indexOf(":", at)) : undefined;
}

function take(reader: Reader, token: RegExp): string | undefined {
  const start = reader.at;
  return skip(reader, token) ? reader.text.slice(start, reader.at) : undefined;
}

function skip(reader: Reader, token: RegExp): boolean {
  token.lastIndex = reader.at;
  if (!token.test(reader.text)) return false;
  reader.at = token.lastIndex;
  return true;
}

/** False where more than a comment is left of the line. */
function nextLine(reader: Reader): boolean {
  const { text } = reader;
  if (!skip(reader, lineEnd)) return false;
  reader.line = text.lastIndexOf("\n", reader.at) + 1;
  reader.indent = reader.at === text.length ? -1 : reader.at - reader.line;
  return true;
}

const doubleQuote = 0x22;
const singleQuote = 0x27;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
