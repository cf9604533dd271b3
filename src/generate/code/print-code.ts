import type { Code, CodeNode, Member } from "./code.js";

/** The width that generated lines keep to, as `biome.json` has it. */
export const lineWidth = 140;

interface Place {
  /** Columns that the line is indented by. */
  readonly indent: number;
  /** Columns taken on this line before the code. */
  readonly used: number;
  /** Columns needed after it: a comma, a semicolon, a bracket. */
  readonly after: number;
}

/**
 * Lays code out: on one line where it fits, else broken at its outermost node first, the way Prettier and Biome do.
 * The first line starts where the caller stands; later lines carry their own indentation.
 */
export function printCode(code: Code, { indent = 0, used = indent, after = 0 }: Partial<Place> = {}): string {
  return print(code, indent, used, after);
}

function print(code: Code, indent: number, used: number, after: number): string {
  if (typeof code === "string") return code;
  const room = lineWidth - used - after;
  const flat = flatten(code, room);
  return flat !== undefined && flat.length <= room ? flat : broken(code, indent, used, after);
}

/** On one line, or undefined where something in it must be broken, or it is seen to take more room than there is. */
function flatten(code: Code, room: number): string | undefined {
  if (typeof code === "string") return code;
  switch (code.kind) {
    case "object": {
      if (code.expanded) return undefined;
      let text = "";
      for (const { key, value } of code.entries) {
        const flat = flatten(value, room);
        if (flat === undefined || text.length > room) return undefined;
        text += `${text === "" ? "{ " : ", "}${isShorthand(key, flat) ? key : `${key}: ${flat}`}`;
      }
      return text === "" ? "{}" : `${text} }`;
    }
    case "array":
      return mustBreak(code.items) ? undefined : flatList("[", code.items, ", ", "]", room);
    case "list":
      return code.items.length < 2 ? flatList("[", code.items, ", ", "]", room) : undefined;
    case "arrow": {
      const body = flatten(code.body, room);
      return body === undefined ? undefined : `${code.parameters} => ${isObject(code.body) || isCondition(code.body) ? `(${body})` : body}`;
    }
    case "operators": {
      let text = "";
      for (const operand of code.operands) {
        const flat = flatten(operand, room);
        if (flat === undefined || text.length > room) return undefined;
        text += `${text === "" ? "" : ` ${code.operator} `}${isMixed(operand, code.operator) ? `(${flat})` : flat}`;
      }
      return text;
    }
    case "not": {
      const operand = flatten(code.operand, room);
      return operand === undefined ? undefined : `!(${operand})`;
    }
    case "condition": {
      const parts = [code.test, code.whenTrue, code.whenFalse].map((part) => flatten(part, room));
      return parts.includes(undefined) ? undefined : `${parts[0]} ? ${parts[1]} : ${parts[2]}`;
    }
    case "union":
      return flatList("", code.members, " | ", "", room);
    case "intersection":
      return flatList("", code.members, " & ", "", room);
    case "members": {
      let text = "";
      for (const each of code.members) {
        const type = each.comment.length > 0 ? undefined : flatten(each.type, room);
        if (type === undefined || text.length > room) return undefined;
        text += `${text === "" ? "{ " : "; "}${memberHead(each)}${type}`;
      }
      return `${text} }`;
    }
    case "generic":
      return flatList(`${code.name}<`, code.parameters, ", ", ">", room);
    case "arrayOf": {
      const items = flatten(code.items, room);
      return items === undefined ? undefined : arrayType(code.items, items);
    }
  }
}

function flatList(start: string, parts: readonly Code[], separator: string, end: string, room: number): string | undefined {
  let text = start;
  let before = "";
  for (const part of parts) {
    const flat = flatten(part, room);
    if (flat === undefined || text.length > room) return undefined;
    text += before + flat;
    before = separator;
  }
  return text + end;
}

function broken(code: CodeNode, indent: number, used: number, after: number): string {
  const inner = indent + 2;
  const end = newLine(indent);

  switch (code.kind) {
    case "object": {
      let text = "{";
      for (const { key, value } of code.entries)
        text += isShorthand(key, value) ? `${newLine(inner)}${key},` : `${ownLine(value, `${key}: `, inner, 1)},`;
      return `${text}${end}}`;
    }
    case "array":
    case "list": {
      let text = "[";
      for (const item of code.items) text += `${ownLine(item, "", inner, 1)},`;
      return `${text}${end}]`;
    }
    case "arrow": {
      const head = `${code.parameters} =>`;
      return isObject(code.body)
        ? `${head} (${print(code.body, indent, used + head.length + 2, after + 1)})`
        : `${head}${ownLine(code.body, "", inner, after)}`;
    }
    case "operators":
      return code.operands
        .map((operand, index) => {
          const follows = index === code.operands.length - 1 ? after : code.operator.length + 1;
          return isMixed(operand, code.operator)
            ? `(${print(operand, inner, indent + 1, follows + 1)})`
            : print(operand, indent, indent, follows);
        })
        .join(` ${code.operator}${end}`);
    case "not":
      return `!(${ownLine(code.operand, "", inner, 0)}${end})`;
    case "condition":
      return `${print(code.test, indent, used, 0)}${ownLine(code.whenTrue, "? ", inner, 0)}${ownLine(code.whenFalse, ": ", inner, after)}`;
    case "union":
      return printUnion(code.members, indent, used, after);
    case "intersection": {
      const [first = "", ...rest] = code.members;
      const start = print(first, indent, used, 2);
      return start + rest.map((each, index) => ` &${ownLine(each, "", inner, index === rest.length - 1 ? after : 2)}`).join("");
    }
    case "members": {
      let text = "{";
      for (const each of code.members) text += `${newLine(inner)}${printMember(each, inner)}`;
      return `${text}${end}}`;
    }
    case "generic":
      return `${code.name}<${code.parameters.map((each) => ownLine(each, "", inner, 1)).join(",")}${end}>`;
    case "arrayOf": {
      const items = print(code.items, indent, used + "readonly ".length, after + 2);
      return arrayType(code.items, items.startsWith("\n") ? `${items}${end}` : items);
    }
  }
}

function newLine(indent: number): string {
  return `\n${" ".repeat(indent)}`;
}

/** A part on a line of its own, with something before it and room for a separator after it. */
function ownLine(part: Code, before: string, indent: number, after: number): string {
  const used = indent + before.length;
  const text = print(part, indent, used, after);
  // A string that is too long for the line of its key gets one of its own.
  return typeof part === "string" && before !== "" && used + text.length + after > lineWidth && isQuoted(part)
    ? `${newLine(indent)}${before.trimEnd()}${newLine(indent)}  ${text}`
    : `${newLine(indent)}${before}${text}`;
}

function printUnion(members: readonly Code[], indent: number, used: number, after: number): string {
  const [only] = members;
  if (members.length === 2 && members[1] === "null" && typeof only === "object" && only.kind === "members") {
    return `${print(only, indent, used, after + " | null".length)} | null`;
  }
  const inner = indent + 2;
  let text = "";
  for (const [index, each] of members.entries())
    text += `${newLine(inner)}| ${print(each, inner + 2, inner + 2, index === members.length - 1 ? after : 0)}`;
  return text;
}

/** A member of an interface, with its comment, on lines indented by `indent` (the first one's indentation is the caller's). */
export function printMember(each: Member, indent: number): string {
  const comment = each.comment.length === 0 ? "" : [...printComment(each.comment), ""].join(newLine(indent));
  const head = memberHead(each);
  // A union that does not fit starts on a line of its own, so nothing may follow the colon.
  const type = print(each.type, indent, indent + head.length, 1);
  return `${comment}${type.startsWith("\n") ? head.trimEnd() : head}${type};`;
}

/** JSDoc: one line where there is one, else a block. */
export function printComment(lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return lines.length === 1 ? [`/** ${lines[0]} */`] : ["/**", ...lines.map((text) => (text === "" ? " *" : ` * ${text}`)), " */"];
}

function memberHead({ key, optional }: Member): string {
  return `readonly ${key}${optional ? "?" : ""}: `;
}

/** `{ key }`; a string as a key and the same string as its value are no such thing. */
function isShorthand(key: string, value: Code): boolean {
  return key === value && !isQuoted(key);
}

function isQuoted(text: string): boolean {
  return text.startsWith('"') || text.startsWith("'");
}

function arrayType(items: Code, text: string): string {
  return typeof items !== "string" && items.kind === "union" ? `readonly (${text})[]` : `readonly ${text}[]`;
}

function isObject(code: Code): boolean {
  return typeof code !== "string" && code.kind === "object";
}

function isCondition(code: Code): boolean {
  return typeof code !== "string" && code.kind === "condition";
}

/** `&&` within `||`: parentheses say what the reader would have to know. */
function isMixed(operand: Code, operator: string): boolean {
  return typeof operand !== "string" && operand.kind === "operators" && operand.operator !== operator;
}

/** Prettier breaks a list of several objects that have several entries each. */
function mustBreak(items: readonly Code[]): boolean {
  return items.length > 1 && items.every((item) => typeof item !== "string" && item.kind === "object" && item.entries.length > 1);
}
