import type { Node, YAMLError } from "yaml";
import { Composer, CST, Lexer, Parser } from "yaml";
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
  for (const error of distinct(errors)) faults.push(yamlFault(error, text));
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

/** The parser tells some mistakes twice, and what follows a broken collection again and again. */
function distinct(errors: readonly YAMLError[]): YAMLError[] {
  const seen = new Set<string>();
  return errors
    .toSorted((a, b) => a.pos[0] - b.pos[0])
    .filter(({ code, pos }) => {
      const key = `${code}:${pos[0]}`;
      return !seen.has(key) && seen.add(key);
    });
}
