import type { Document, Node, YAMLError } from "yaml";
import { Composer, CST, Lexer, Parser, visit } from "yaml";
import type { TextFault } from "./text-fault.js";
import { yamlFault } from "./yaml-fault.js";

export interface ParsedYaml {
  readonly root: Node | undefined;
  readonly faults: readonly TextFault[];
}

/** Collections inside collections; everything deeper is refused before anything recurses into it. */
export const deepestNesting = 64;
const mostFaults = 20;

/** Parses one YAML 1.2 document (core schema). Every error and every warning of the parser is a fault (unresolved tags: see yaml-value). */
export function parseYaml(text: string): ParsedYaml {
  const { tokens, fault } = readTokens(text);
  if (fault !== undefined) return { root: undefined, faults: [fault] };

  const faults: TextFault[] = [];
  for (const token of tokens) {
    if (token.type === "directive") {
      faults.push({
        rule: "spec/syntax",
        message: "A spec has no YAML directives.",
        start: token.offset,
        end: token.offset + token.source.length,
      });
    }
  }
  // Unique keys are checked with the value, because here every key would be compared with every other.
  const composer = new Composer({ version: "1.2", schema: "core", merge: false, uniqueKeys: false, stringKeys: true, prettyErrors: false });
  const documents = [...composer.compose(tokens)];
  const [first, second] = documents;
  // An unresolved tag is told with the value that it spoils.
  const errors = [...(first?.errors ?? []), ...(first?.warnings ?? [])].filter(({ code }) => code !== "TAG_RESOLVE_FAILED");
  for (const error of distinct(errors, text)) faults.push(yamlFault(placed(error, first), text));
  if (second !== undefined) {
    const [start] = second.range;
    faults.push({
      rule: "spec/syntax",
      message: "A file holds one document.",
      start,
      end: Math.min(start + 3, text.length),
      help: "Put each use case into a file of its own.",
    });
  }
  return { root: first?.contents ?? undefined, faults: faults.slice(0, mostFaults) };
}

function readTokens(text: string): { tokens: CST.Token[]; fault?: TextFault } {
  const tokens: CST.Token[] = [];
  const parser = new Parser();
  const lexer = new Lexer();
  for (const lexeme of lexer.lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > deepestNesting && collections(parser.stack) > deepestNesting) {
      return {
        tokens: [],
        fault: {
          rule: "spec/limits",
          message: `Nested deeper than ${deepestNesting} levels.`,
          start: parser.offset - lexeme.length,
          end: parser.offset,
        },
      };
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens };
}

function collections(stack: readonly CST.Token[]): number {
  return stack.filter((token) => CST.isCollection(token)).length;
}

/** One mistake makes the parser stumble several times: of each line the first error is kept. */
function distinct(errors: readonly YAMLError[], text: string): YAMLError[] {
  let lineEnd = -1;
  return errors
    .toSorted((a, b) => a.pos[0] - b.pos[0])
    .filter(({ pos: [start] }) => {
      if (start < lineEnd) return false;
      const newline = text.indexOf("\n", start);
      lineEnd = newline === -1 ? text.length + 1 : newline + 1;
      return true;
    });
}

/** A quote that is never closed is found missing at the end of the file: better to show where it opens. */
function placed(error: YAMLError, document: Document.Parsed | undefined): YAMLError {
  if (error.code !== "MISSING_CHAR" || !error.message.includes("quote") || document === undefined) return error;
  let opened: number | undefined;
  visit(document, {
    Scalar(_key, { type, range }) {
      if ((type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE") && range && range[1] >= error.pos[0]) opened = range[0];
    },
  });
  if (opened !== undefined) error.pos = [opened, opened + 1];
  return error;
}
