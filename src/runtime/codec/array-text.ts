// Postgres' text of arrays. Our own, because Drizzle's parser corrupts backslashes and quotes.
import type { SqlText } from "../ports.js";

export type ArrayText = readonly (SqlText | ArrayText)[];

/** `["a", null]` → `{"a",NULL}`. */
export function arrayText(elements: ArrayText): string {
  const written = elements.map((element) => {
    if (element === null) return "NULL";
    return typeof element === "string" ? `"${element.replace(/["\\]/g, "\\$&")}"` : arrayText(element);
  });
  return `{${written.join(",")}}`;
}

/** The reverse; nested arrays come back nested. Throws a SyntaxError where the text is no array. */
export function parseArrayText(text: string): ArrayText {
  const start = text.indexOf("{");
  if (start < 0) throw new SyntaxError(`Not the text of an array: ${text}`);
  const [elements] = parseFrom(text, start + 1);
  return elements;
}

function parseFrom(text: string, start: number): readonly [elements: ArrayText, end: number] {
  const elements: (SqlText | ArrayText)[] = [];
  let at = start;
  while (at < text.length) {
    const character = text[at];
    if (character === "}") return [elements, at + 1];
    if (character === ",") at += 1;
    else if (character === "{") {
      const [nested, end] = parseFrom(text, at + 1);
      elements.push(nested);
      at = end;
    } else if (character === '"') {
      const end = closingQuote(text, at + 1);
      elements.push(text.slice(at + 1, end).replace(/\\([\s\S])/g, "$1"));
      at = end + 1;
    } else {
      const end = /[,}]/g;
      end.lastIndex = at;
      const found = end.exec(text)?.index ?? text.length;
      const element = text.slice(at, found);
      elements.push(element === "NULL" ? null : element.replace(/\\([\s\S])/g, "$1"));
      at = found;
    }
  }
  throw new SyntaxError(`The array's text has no end: ${text}`);
}

function closingQuote(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}
