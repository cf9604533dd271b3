import type { CST, Document, Node, YAMLError } from "yaml";
import { type Cut, cutFaults } from "./cut-faults.js";
import { valueAround } from "./meant-value.js";
import type { TextFault } from "./text-fault.js";
import { yamlFault } from "./yaml-fault.js";
import { yamlLibrary } from "./yaml-library.js";

export interface ParsedYaml {
  readonly root: Node | undefined;
  readonly faults: readonly TextFault[];
  /** What `root` does without, because it is not readable; undefined where the rest of the text is not either. */
  readonly cuts: readonly Cut[] | undefined;
}

/** Collections inside collections; everything deeper is refused before anything recurses into it. */
export const deepestNesting = 64;
const mostFaults = 20;

/** How often a file is read again behind a value that cut the reading short. */
const mostRepairs = 5;
/** Longer files are not read again: their time is bounded. */
const longestRepaired = 100_000;
/** Cutting reads a file more often. */
const longestCut = 30_000;

/**
 * Parses one YAML 1.2 document (core schema). Every error and every warning of the parser is a fault (unresolved tags: see yaml-value).
 *
 * An unquoted value with brackets inside { } makes the parser lose its place, and everything behind it look wrong. Then
 * the file is read again with that value masked, so that one mistake is told once and the next one is found too. Around
 * other mistakes the text is cut.
 */
export function parseYaml(text: string): ParsedYaml {
  const told: TextFault[] = [];
  const cuts: Cut[] = [];
  let readable = text;
  for (let repairs = 0; ; repairs++) {
    const reading = parseOnce(readable, text);
    const { lost } = reading;
    const value = lost === undefined || repairs === mostRepairs || text.length > longestRepaired ? undefined : unquoted(text, lost.start);
    if (lost === undefined || value === undefined) return remainder(readable, reading);
    told.push(lost);
    cuts.push(value);
    readable = readable.slice(0, value.start) + "x".repeat(value.end - value.start) + readable.slice(value.end);
  }

  function remainder(readableText: string, { root, faults, lost, several }: Reading): ParsedYaml {
    const found = { root, faults: lost === undefined ? faults : [...faults, lost] };
    const left = text.length > longestCut || several ? undefined : cutFaults(readableText, found, parseWhole);
    const all = [...told, ...(left ?? found).faults];
    return {
      root: left?.root ?? root,
      faults: all.toSorted((a, b) => a.start - b.start).slice(0, mostFaults),
      cuts: found.faults.length === 0 ? cuts : left === undefined ? undefined : [...cuts, ...left.cuts],
    };
  }

  function parseWhole(shorter: string): Omit<ParsedYaml, "cuts"> {
    const { root, faults, lost } = parseOnce(shorter, text);
    return { root, faults: lost === undefined ? faults : [...faults, lost] };
  }
}

/** The value around an offset where the parser lost its place, if quotes are what it lacks. */
function unquoted(text: string, offset: number): { readonly start: number; readonly end: number } | undefined {
  const meant = valueAround(text, offset);
  if (meant === undefined) return undefined;
  const end = meant.start + meant.value.replace(/[,\s]+$/, "").length;
  return meant.start <= offset && offset < end ? { start: meant.start, end } : undefined;
}

interface Reading extends Omit<ParsedYaml, "cuts"> {
  /** Where the parser lost its place; the faults are those before it. */
  readonly lost?: TextFault;
  /** More than one document: which is meant? */
  readonly several: boolean;
}

/** `readable`: what is parsed; `text`: the same with the values that are masked there. */
function parseOnce(readable: string, text: string): Reading {
  const { tokens, fault } = readTokens(readable);
  if (fault !== undefined) return { root: undefined, faults: [fault], several: false };

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
  const { Composer } = yamlLibrary();
  const composer = new Composer({ version: "1.2", schema: "core", merge: false, uniqueKeys: false, stringKeys: true, prettyErrors: false });
  const documents = [...composer.compose(tokens)];
  const [first, second] = documents;
  // An unresolved tag is told with the value that it spoils.
  const errors = [...(first?.errors ?? []), ...(first?.warnings ?? [])].filter(({ code }) => code !== "TAG_RESOLVE_FAILED");
  const inOrder = distinct(errors, text);
  const losing = inOrder.findIndex(({ code }) => code === "UNEXPECTED_TOKEN");
  for (const error of losing === -1 ? inOrder : inOrder.slice(0, losing)) faults.push(yamlFault(placed(error, first), text));
  const lost = losing === -1 ? undefined : inOrder[losing];
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
  return {
    root: first?.contents ?? undefined,
    faults,
    several: second !== undefined,
    ...(lost !== undefined && { lost: yamlFault(lost, text) }),
  };
}

function readTokens(text: string): { tokens: CST.Token[]; fault?: TextFault } {
  const tokens: CST.Token[] = [];
  const { Lexer, Parser } = yamlLibrary();
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
  const { CST: cst } = yamlLibrary();
  return stack.filter((token) => cst.isCollection(token)).length;
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
  yamlLibrary().visit(document, {
    Scalar(_key, { type, range }) {
      if ((type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE") && range && range[1] >= error.pos[0]) opened = range[0];
    },
  });
  if (opened !== undefined) error.pos = [opened, opened + 1];
  return error;
}
