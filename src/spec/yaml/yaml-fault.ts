import type { ErrorCode, YAMLError } from "yaml";
import { looksLikeExpression, quoted, quotingEdit, valueAround } from "./meant-value.js";
import type { TextFault } from "./text-fault.js";

const messages: Partial<Record<ErrorCode, string>> = {
  BAD_DQ_ESCAPE: "No such escape in a double-quoted text.",
  BAD_INDENT: "The indentation does not fit what stands above.",
  BLOCK_AS_IMPLICIT_KEY: 'A second ": " on one line.',
  BLOCK_IN_FLOW: 'A second ": " inside { } or [ ].',
  KEY_OVER_1024_CHARS: "A key of more than 1024 characters.",
  MULTILINE_IMPLICIT_KEY: "A key over several lines.",
  MULTIPLE_ANCHORS: "Two anchors for one value.",
  MULTIPLE_TAGS: "Two tags for one value.",
  NON_STRING_KEY: "A key must be text.",
  RESOURCE_EXHAUSTION: "Nested too deeply.",
  TAB_AS_INDENT: "A tab in the indentation: YAML wants spaces.",
};

/** What YAML takes for structure where an expression or a text was meant. */
const mayWantQuotes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "ALIAS_PROPS",
  "BAD_ALIAS",
  "BAD_SCALAR_START",
  "BLOCK_AS_IMPLICIT_KEY",
  "BLOCK_IN_FLOW",
  "MISSING_CHAR",
  "MULTIPLE_ANCHORS",
  "MULTIPLE_TAGS",
  "UNEXPECTED_TOKEN",
]);

/** A parser's error in our words, with the remedy where the value on that line only lacks quotes. */
export function yamlFault(error: YAMLError, text: string): TextFault {
  const [start, end] = inside(error.pos, text);
  const message = wording(error);
  const meant = mayWantQuotes.has(error.code) ? valueAround(text, start) : undefined;
  return {
    rule: error.code === "RESOURCE_EXHAUSTION" ? "spec/limits" : "spec/syntax",
    message,
    start,
    end,
    ...(meant !== undefined && {
      help: `If a text or an expression is meant, quote it: ${quoted(meant.value)}`,
      ...(looksLikeExpression(meant.value) && { fix: quotingEdit(meant.value, meant.start) }),
    }),
  };
}

function inside([start, end]: readonly [number, number], text: string): [number, number] {
  const from = Math.min(Math.max(start, 0), text.length);
  return [from, Math.min(Math.max(end, from + 1), Math.max(text.length, from))];
}

function wording({ code, message }: YAMLError): string {
  if (code === "BAD_INDENT" && message.startsWith("Flow")) return "A { or [ above is not closed.";
  if (code === "MISSING_CHAR" && message.includes("quote")) return "The closing quote is missing.";
  if (code === "UNEXPECTED_TOKEN") return "Something stands after the value.";
  return messages[code] ?? `${message.replace(/[.\s]*$/, "")}.`;
}
