import type { JsonValue } from "../model.js";
import { hasForbiddenCharacter } from "./check-characters.js";

type Mapping = Record<string, JsonValue>;

/** Deeper ones are left to the parser, which says what is wrong with them. */
const deepest = 32;
const longestName = 200;
const key = /[A-Za-z_$][\w.$?-]*(?=:(?: |$))/my;
const wordsThatAreNoNames = /^(?:null|true|false|__proto__)$/i;
/** Everything that YAML might take for a number. */
const numberLike = /^[-+]?(?:\.?[0-9][0-9.]*(?:[eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+|\.(?:inf|Inf|INF|nan|NaN|NAN))$/;

/**
 * The value of a text that keeps to the plain part of YAML in which nearly every spec is written: mappings and lists
 * by indentation or on one line in brackets, and texts on one line. No positions and no second thoughts: whatever is
 * not certain (an anchor, a tag, a text over several lines, a mistake) gives undefined, and the parser decides. Some
 * twenty times as fast as that; a test holds the two to the same answers.
 */
export function plainYaml(text: string): JsonValue | undefined {
  if (/[\t\r]|^(?:---|\.\.\.|%)/m.test(text)) return undefined;
  let start = 0;
  let end = -1;
  let indent = 0;

  /** Moves to the next line that is neither empty nor a comment; false at the end. */
  const advance = (): boolean => {
    while (end < text.length) {
      start = end + 1;
      const newline = text.indexOf("\n", start);
      end = newline === -1 ? text.length : newline;
      indent = start;
      while (text.charCodeAt(indent) === space) indent += 1;
      const first = text.charCodeAt(indent);
      if (indent >= end || first === hash) continue;
      indent -= start;
      return true;
    }
    indent = -1;
    return false;
  };

  /** The mapping whose first key is at `at`; the other keys are on lines of the same column. */
  const mapping = (at: number, column: number, depth: number): Mapping | undefined => {
    if (depth > deepest) return undefined;
    const value: Mapping = Object.create(null);
    for (;;) {
      const name = nameAt(text, at);
      if (name === undefined || name in value) return undefined;
      const child = valueAt(skipSpaces(text, at + name.length + 1), column, depth, true);
      if (child === undefined) return undefined;
      value[name] = child;
      if (indent < column) return value;
      if (indent > column) return undefined;
      at = start + indent;
    }
  };

  const list = (column: number, depth: number): JsonValue[] | undefined => {
    if (depth > deepest) return undefined;
    const items: JsonValue[] = [];
    while (indent === column && isDash(text, start + indent)) {
      const at = skipSpaces(text, start + indent + 1);
      const item = nameAt(text, at) === undefined ? valueAt(at, column, depth, false) : mapping(at, at - start, depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return indent > column ? undefined : items;
  };

  /** What stands after a colon or a dash, on this line or below it. Ends on the first line that is not part of it. */
  const valueAt = (at: number, column: number, depth: number, inMapping: boolean): JsonValue | undefined => {
    if (at >= end || text.charCodeAt(at) === hash) {
      if (!advance()) return null;
      const dash = isDash(text, start + indent);
      if (indent > column || (inMapping && indent === column && dash))
        return dash ? list(indent, depth + 1) : mapping(start + indent, indent, depth + 1);
      return null;
    }
    const read = onLine(text, at, end, depth);
    if (read === undefined) return undefined;
    const after = skipSpaces(text, read.end);
    if (after < end && (text.charCodeAt(after) !== hash || after === read.end)) return undefined;
    advance();
    // Anything further in would go on with this value.
    return indent > column ? undefined : read.value;
  };

  if (!advance() || indent !== 0 || isDash(text, start)) return undefined;
  return mapping(start, 0, 0);
}

interface Read {
  readonly value: JsonValue;
  readonly end: number;
}

/** A text or a collection in brackets, up to the end of the line. */
function onLine(text: string, at: number, lineEnd: number, depth: number): Read | undefined {
  const first = text.charCodeAt(at);
  if (first === openBrace || first === openBracket) return inBrackets(text, at, lineEnd, depth + 1);
  if (first === doubleQuote || first === singleQuote) return inQuotes(text, at, lineEnd);
  // Within the line only: a search that goes on to the next comment reads a long file again for every line.
  const comment = text.slice(at, lineEnd).indexOf(" #");
  return unquoted(text, at, comment === -1 ? lineEnd : at + comment);
}

function inBrackets(text: string, at: number, lineEnd: number, depth: number): Read | undefined {
  if (depth > deepest) return undefined;
  const braces = text.charCodeAt(at) === openBrace;
  const closing = braces ? closeBrace : closeBracket;
  const members: Mapping = Object.create(null);
  const items: JsonValue[] = [];
  let next = skipSpaces(text, at + 1);
  if (text.charCodeAt(next) === closing) return { value: braces ? members : items, end: next + 1 };
  for (;;) {
    const name = braces ? nameAt(text, next) : "";
    if (name === undefined || name in members) return undefined;
    if (braces) next = skipSpaces(text, next + name.length + 1);
    const read = next >= lineEnd ? undefined : flowValue(text, next, lineEnd, depth);
    if (read === undefined) return undefined;
    if (braces) members[name] = read.value;
    else items.push(read.value);
    next = skipSpaces(text, read.end);
    const separator = next >= lineEnd ? -1 : text.charCodeAt(next);
    if (separator === closing) return { value: braces ? members : items, end: next + 1 };
    if (separator !== comma || text.charCodeAt(next + 1) !== space) return undefined;
    next = skipSpaces(text, next + 1);
  }
}

function flowValue(text: string, at: number, lineEnd: number, depth: number): Read | undefined {
  const first = text.charCodeAt(at);
  if (first === openBrace || first === openBracket) return inBrackets(text, at, lineEnd, depth + 1);
  if (first === doubleQuote || first === singleQuote) return inQuotes(text, at, lineEnd);
  let calls = 0;
  for (let end = at; end < lineEnd; end++) {
    const code = text.charCodeAt(end);
    if (code === openBrace || code === openBracket || code === hash) return undefined;
    if (code === openParenthesis) calls += 1;
    else if (code === closeParenthesis) calls -= 1;
    // A call that a comma has cut in two is a mistake that the parser explains.
    if (code === comma || code === closeBrace || code === closeBracket) return calls === 0 ? unquoted(text, at, end) : undefined;
  }
  return undefined;
}

function inQuotes(text: string, at: number, lineEnd: number): Read | undefined {
  if (text.charCodeAt(at) === singleQuote) {
    let end = text.indexOf("'", at + 1);
    const escaped = text.charCodeAt(end + 1) === singleQuote;
    while (end !== -1 && text.charCodeAt(end + 1) === singleQuote) end = text.indexOf("'", end + 2);
    if (end === -1 || end >= lineEnd) return undefined;
    const value = text.slice(at + 1, end);
    return { value: escaped || value.includes("''") ? value.replaceAll("''", "'") : value, end: end + 1 };
  }
  let end = at + 1;
  let escapes = false;
  for (; end < lineEnd && text.charCodeAt(end) !== doubleQuote; end++) {
    if (text.charCodeAt(end) !== backslash) continue;
    escapes = true;
    end += 1;
  }
  if (end >= lineEnd) return undefined;
  if (!escapes) return { value: text.slice(at + 1, end), end: end + 1 };
  try {
    // What JSON has of escapes, YAML has with the same meaning.
    const value = JSON.parse(text.slice(at, end + 1)) as string;
    return hasForbiddenCharacter(value) ? undefined : { value, end: end + 1 };
  } catch {
    return undefined;
  }
}

/** Text without quotes, up to `end` without the spaces before it; or a number, a boolean, null. */
function unquoted(text: string, at: number, end: number): Read | undefined {
  let stop = end;
  while (stop > at && text.charCodeAt(stop - 1) === space) stop -= 1;
  const written = text.slice(at, stop);
  if (written === "" || written.includes(": ") || written.endsWith(":")) return undefined;
  const first = written.charCodeAt(0);
  if (isLetter(first)) {
    if (written === "true") return { value: true, end: stop };
    if (written === "false") return { value: false, end: stop };
    if (written === "null") return { value: null, end: stop };
    return wordsThatAreNoNames.test(written) ? undefined : { value: written, end: stop };
  }
  if (isDigit(first) || (first === minus && isDigit(written.charCodeAt(1)))) {
    if (!numberLike.test(written)) return { value: written, end: stop };
    const value = Number(written);
    // Another spelling of a number matters in an expression: `1.0` is a double there.
    const asWritten = String(value) === written && (!Number.isInteger(value) || Number.isSafeInteger(value));
    return asWritten ? { value, end: stop } : undefined;
  }
  // `(a + b) * c`, `_`, `$`, `/`, letters beyond ASCII: text. Everything else means something to YAML.
  return first === openParenthesis || first === underscore || first === slash || first > 0xbf ? { value: written, end: stop } : undefined;
}

function nameAt(text: string, at: number): string | undefined {
  key.lastIndex = at;
  const name = key.exec(text)?.[0];
  return name === undefined || name.length > longestName || wordsThatAreNoNames.test(name) ? undefined : name;
}

function skipSpaces(text: string, at: number): number {
  while (text.charCodeAt(at) === space) at += 1;
  return at;
}

function isDash(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== minus) return false;
  const next = text.charCodeAt(at + 1);
  return next === space || next === newline || Number.isNaN(next);
}

const isDigit = (code: number) => code >= 0x30 && code <= 0x39;
const isLetter = (code: number) => (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);

const newline = 0x0a;
const space = 0x20;
const doubleQuote = 0x22;
const hash = 0x23;
const singleQuote = 0x27;
const openParenthesis = 0x28;
const closeParenthesis = 0x29;
const comma = 0x2c;
const minus = 0x2d;
const slash = 0x2f;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const underscore = 0x5f;
const openBrace = 0x7b;
const closeBrace = 0x7d;
