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
export function printCode(code: Code, place: Partial<Place> = {}): string {
  return print(code, { indent: 0, used: place.indent ?? 0, after: 0, ...place });
}

function print(code: Code, place: Place): string {
  if (typeof code === "string") return code;
  const flat = flatten(code);
  return flat !== undefined && place.used + flat.length + place.after <= lineWidth ? flat : broken(code, place);
}

/** On one line, or undefined where something in it must be broken. */
function flatten(code: Code): string | undefined {
  if (typeof code === "string") return code;
  switch (code.kind) {
    case "object": {
      if (code.expanded) return undefined;
      const texts: string[] = [];
      for (const { key, value } of code.entries) {
        const text = flatten(value);
        if (text === undefined) return undefined;
        texts.push(entry(key, text));
      }
      return texts.length === 0 ? "{}" : `{ ${texts.join(", ")} }`;
    }
    case "array":
      return mustBreak(code.items) ? undefined : joined(code.items, ", ", (text) => `[${text}]`);
    case "list":
      return code.items.length < 2 ? joined(code.items, ", ", (text) => `[${text}]`) : undefined;
    case "arrow": {
      const body = flatten(code.body);
      return body === undefined ? undefined : `${code.parameters} => ${isObject(code.body) || isCondition(code.body) ? `(${body})` : body}`;
    }
    case "operators":
      return joined(
        code.operands.map((operand) => (isMixed(operand, code.operator) ? `(${flatten(operand)})` : operand)),
        ` ${code.operator} `,
        (text) => text,
      );
    case "not": {
      const operand = flatten(code.operand);
      return operand === undefined ? undefined : `!(${operand})`;
    }
    case "condition": {
      const parts = [code.test, code.whenTrue, code.whenFalse].map(flatten);
      return parts.includes(undefined) ? undefined : `${parts[0]} ? ${parts[1]} : ${parts[2]}`;
    }
    case "union":
      return joined(code.members, " | ", (text) => text);
    case "intersection":
      return joined(code.members, " & ", (text) => text);
    case "members": {
      const texts = code.members.map(({ comment, type }) => (comment.length > 0 ? undefined : flatten(type)));
      if (texts.includes(undefined)) return undefined;
      return `{ ${code.members.map((each, index) => `${memberHead(each)}${texts[index]}`).join("; ")} }`;
    }
    case "generic":
      return joined(code.parameters, ", ", (text) => `${code.name}<${text}>`);
    case "arrayOf": {
      const items = flatten(code.items);
      return items === undefined ? undefined : arrayType(code.items, items);
    }
  }
}

function broken(code: CodeNode, place: Place): string {
  const inner = place.indent + 2;
  const line = `\n${" ".repeat(inner)}`;
  const end = `\n${" ".repeat(place.indent)}`;
  /** A part on a line of its own, with this before it and a separator after it. */
  const own = (part: Code, before: string, after: number) => {
    const text = print(part, { indent: inner, used: inner + before.length, after });
    // A string that is too long for the line of its key gets one of its own.
    const fits = typeof part !== "string" || !isQuoted(part) || inner + before.length + text.length + after <= lineWidth;
    return `${line}${fits || before === "" ? `${before}${text}` : `${before.trimEnd()}${line}  ${text}`}`;
  };

  switch (code.kind) {
    case "object":
      return `{${code.entries.map(({ key, value }) => (isShorthand(key, value) ? `${line}${key},` : `${own(value, `${key}: `, 1)},`)).join("")}${end}}`;
    case "array":
    case "list":
      return `[${code.items.map((item) => `${own(item, "", 1)},`).join("")}${end}]`;
    case "arrow": {
      const head = `${code.parameters} =>`;
      if (isObject(code.body))
        return `${head} (${print(code.body, { ...place, used: place.used + head.length + 2, after: place.after + 1 })})`;
      return `${head}${own(code.body, "", place.after)}`;
    }
    case "operators":
      return code.operands
        .map((operand, index) => {
          const after = index === code.operands.length - 1 ? place.after : code.operator.length + 1;
          return isMixed(operand, code.operator)
            ? `(${print(operand, { indent: place.indent + 2, used: place.indent + 1, after: after + 1 })})`
            : print(operand, { indent: place.indent, used: place.indent, after });
        })
        .join(` ${code.operator}${end}`);
    case "not":
      return `!(${own(code.operand, "", 0)}${end})`;
    case "condition":
      return `${print(code.test, { ...place, after: 0 })}${own(code.whenTrue, "? ", 0)}${own(code.whenFalse, ": ", place.after)}`;
    case "union":
      return printUnion(code.members, place);
    case "intersection": {
      const [first = "", ...rest] = code.members;
      const start = print(first, { ...place, after: 2 });
      return start + rest.map((each, index) => ` &${own(each, "", index === rest.length - 1 ? place.after : 2)}`).join("");
    }
    case "members":
      return `{${code.members.map((each) => `${line}${printMember(each, inner)}`).join("")}${end}}`;
    case "generic":
      return `${code.name}<${code.parameters.map((each) => own(each, "", 1)).join(",")}${end}>`;
    case "arrayOf": {
      const items = print(code.items, { ...place, used: place.used + "readonly ".length, after: place.after + 2 });
      return arrayType(code.items, items.startsWith("\n") ? `${items}${end}` : items);
    }
  }
}

function printUnion(members: readonly Code[], place: Place): string {
  const [only] = members;
  if (members.length === 2 && members[1] === "null" && typeof only === "object" && only.kind === "members") {
    return `${print(only, { ...place, after: place.after + " | null".length })} | null`;
  }
  const indent = place.indent + 2;
  const texts = members.map((each, index) => {
    return print(each, { indent: indent + 2, used: indent + 2, after: index === members.length - 1 ? place.after : 0 });
  });
  return texts.map((text) => `\n${" ".repeat(indent)}| ${text}`).join("");
}

/** A member of an interface, with its comment, on lines indented by `indent` (the first one's indentation is the caller's). */
export function printMember(each: Member, indent: number): string {
  const margin = `\n${" ".repeat(indent)}`;
  const head = memberHead(each);
  // A union that does not fit starts on a line of its own, so nothing may follow the colon.
  const type = print(each.type, { indent, used: indent + head.length, after: 1 });
  return `${printComment(each.comment).join(margin)}${each.comment.length > 0 ? margin : ""}${type.startsWith("\n") ? head.trimEnd() : head}${type};`;
}

/** JSDoc: one line where there is one, else a block. */
export function printComment(lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return lines.length === 1 ? [`/** ${lines[0]} */`] : ["/**", ...lines.map((text) => (text === "" ? " *" : ` * ${text}`)), " */"];
}

function memberHead({ key, optional }: Member): string {
  return `readonly ${key}${optional ? "?" : ""}: `;
}

function joined(parts: readonly Code[], separator: string, wrap: (text: string) => string): string | undefined {
  const texts: string[] = [];
  for (const part of parts) {
    const text = flatten(part);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return wrap(texts.join(separator));
}

function entry(key: string, value: string): string {
  return isShorthand(key, value) ? key : `${key}: ${value}`;
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
