import { lineWidth } from "../code/print-code.js";
import { literal, propertyKey } from "../encode.js";
import type { Gap } from "./compare-handler.js";
import type { FileStyle } from "./file-style.js";
import type { HandlerMember } from "./handler-members.js";

/** Text to be put in at an offset of the file; nothing is ever taken out. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** Adds members to an object literal, in the manner of those that it has. `notImplemented` is its name in this file. */
export function insertMembers({ object, members }: Gap, style: FileStyle, notImplemented: string): readonly Insertion[] {
  const text = object.getSourceFile().text;
  const { properties } = object;
  const open = object.getStart();
  const close = object.getEnd() - 1;
  const closing = lineStart(text, close);
  const last = properties.at(-1);
  const print = (member: HandlerMember, indent: string | undefined) => printMember(member, { style, notImplemented, indent });

  if (closing <= open || text.slice(closing, close).trim() !== "") {
    // The brace stands behind something: in the same line.
    let at = close;
    while (/\s/.test(text.charAt(at - 1))) at--;
    const code = members.map((member) => print(member, undefined)).join(", ");
    if (last === undefined) return [{ at, text: ` ${code}${at === close ? " " : ""}` }];
    return [{ at, text: properties.hasTrailingComma ? ` ${code},` : `, ${code}` }];
  }

  const eol = text.charAt(closing - 2) === "\r" ? "\r\n" : "\n";
  const own = properties.map((each) => indentOf(text, each.getStart())).find((indent) => indent !== undefined);
  const indent = own ?? `${text.slice(closing, close)}${style.indent}`;
  const lines = members.map((member) => `${indent}${print(member, indent)}`);
  const first = properties[0];
  // What is checked stands before what is done.
  if (first !== undefined && members.every(({ place }) => place === "checks" || place === "prepare")) {
    const at = lineEnd(text, open);
    if (at <= first.getStart()) return [{ at, text: lines.map((line) => `${line},${eol}${eol}`).join("") }];
  }
  const comma = last === undefined || properties.hasTrailingComma ? [] : [{ at: last.getEnd(), text: "," }];
  const trailing = last === undefined || properties.hasTrailingComma ? "," : "";
  return [...comma, { at: closing, text: `${lines.join(`,${eol}`)}${trailing}${eol}` }];
}

interface Printing {
  readonly style: FileStyle;
  readonly notImplemented: string;
  /** Of the line that it begins; undefined where it stands within one. */
  readonly indent: string | undefined;
}

function printMember(member: HandlerMember, { style, notImplemented, indent }: Printing): string {
  const key = propertyKey(member.name);
  const open = `${notImplemented}(${style.quoted(literal(member.todo))})`;
  if (member.kind === "function") return `${key}: () => ${open}`;
  const inner = member.members.filter(({ optional }) => !optional);
  if (member.kind === "value" || member.many || inner.length === 0) return `${key}: ${open}`;
  const flat = `${key}: { ${inner.map((each) => printMember(each, { style, notImplemented, indent: undefined })).join(", ")} }`;
  const functions = inner.some(({ kind }) => kind === "function");
  if (indent === undefined || (!functions && indent.length + flat.length < lineWidth)) return flat;
  const deeper = `${indent}${style.indent}`;
  const lines = inner.map((each) => `${deeper}${printMember(each, { style, notImplemented, indent: deeper })},${style.eol}`);
  return `${key}: {${style.eol}${lines.join("")}${indent}}`;
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf("\n", at - 1) + 1;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end + 1;
}

/** The blanks before something that begins its line. */
function indentOf(text: string, at: number): string | undefined {
  const before = text.slice(lineStart(text, at), at);
  return before.trim() === "" ? before : undefined;
}
