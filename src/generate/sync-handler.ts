// Keeps a handler file, which is the user's, in step with its spec: text is put in at places that the syntax tree
// names, and nothing is ever taken out or printed anew. Loaded only where a handler has to be looked at: parsing
// TypeScript costs more than all the rest of a run.
import { ts } from "ts-morph";
import type { UseCase } from "../spec/model.js";
import { parseTypeScript } from "./code/parse-typescript.js";
import { compareHandler, type Gap, type Remark } from "./handler/compare-handler.js";
import { fileStyle } from "./handler/file-style.js";
import { type HandlerMember, handlerMembers } from "./handler/handler-members.js";
import { type HandlerNotice, noticeMessage } from "./handler/handler-notice.js";
import { importName } from "./handler/import-name.js";
import { type Insertion, insertMembers } from "./handler/insert-members.js";

export interface SyncedHandler {
  /** The same as before where nothing could be added. */
  readonly text: string;
  /** What was added: `checks.withinHours`, `result.count`. */
  readonly added: readonly string[];
  /** What was put in, at offsets of the text before, in the order of the text after. */
  readonly insertions: readonly Insertion[];
  readonly findings: readonly HandlerFinding[];
}

/** A notice before it is known what the spec asked for earlier. */
export interface HandlerFinding extends HandlerNotice {
  /** Of an extra member: it can have no other reason than the spec. */
  readonly exact: boolean;
}

/**
 * Adds to a handler what its spec asks for and it lacks, each with `notImplemented("…")` in its place.
 * @param file what findings call the file
 */
export function syncHandler(useCase: UseCase, file: string, text: string): SyncedHandler {
  const source = parse(text);
  if (source === undefined) return { text, added: [], insertions: [], findings: [unread(useCase, file)] };
  const members = handlerMembers(useCase);
  const { gaps, remarks } = compareHandler(source, members);
  const find = (remark: Remark) => finding(remark, source, { file, spec: useCase.file });
  if (gaps.length === 0) return { text, added: [], insertions: [], findings: remarks.map(find) };

  const style = fileStyle(source);
  const { code, insertions } = importName(source, "usecasecore", "notImplemented", style);
  const all = [...insertions, ...gaps.flatMap((gap) => insertMembers(gap, style, code))].sort((a, b) => a.at - b.at);
  const extended = insertInto(text, all);
  const again = parse(extended);
  // What was put in must be found again: else the file is written in a way that was not thought of.
  if (again === undefined || compareHandler(again, members).gaps.length > 0)
    return { text, added: [], insertions: [], findings: [...gaps.map(missing), ...remarks].map(find) };
  const added = unique(gaps.flatMap((gap) => wholes(gap.members)));
  return { text: extended, added, insertions: all, findings: remarks.map(find) };
}

/**
 * Does a handler match its spec? What it lacks, what it has too much, and what could not be looked at; empty where all
 * is well. A finding of kind `unseen` says only that nothing can be said.
 */
export function checkHandler(useCase: UseCase, file: string, text: string): readonly HandlerFinding[] {
  const source = parse(text);
  if (source === undefined) return [unread(useCase, file)];
  const { gaps, remarks } = compareHandler(source, handlerMembers(useCase));
  return [...gaps.map(missing), ...remarks].map((remark) => finding(remark, source, { file, spec: useCase.file }));
}

/** A file that could not be read as TypeScript. */
export function unread({ file: spec }: UseCase, file: string): HandlerFinding {
  const notice = { file, line: 1, column: 1, kind: "unread", places: [], spec } as const;
  return { ...notice, message: noticeMessage(notice), exact: true };
}

/** What stands there now: of an object, its own members. */
function wholes(members: readonly HandlerMember[]): readonly string[] {
  return members.flatMap(({ place, many, members: inner }) => {
    const required = many ? [] : wholes(inner.filter(({ optional }) => !optional));
    return required.length === 0 ? [place] : required;
  });
}

function missing({ object, members }: Gap): Remark {
  return { kind: "missing", exact: true, places: members.map(({ place }) => place), start: object.getStart(), end: object.getEnd() };
}

/** Undefined where the file has a syntax error: somebody is in the midst of writing. */
function parse(text: string): ts.SourceFile | undefined {
  const { source, errors } = parseTypeScript(text);
  return errors.length > 0 ? undefined : source;
}

function insertInto(text: string, insertions: readonly Insertion[]): string {
  let result = text;
  const fromTheEnd = insertions.map((each, index) => ({ ...each, index })).sort((a, b) => b.at - a.at || b.index - a.index);
  for (const { at, text: inserted } of fromTheEnd) result = result.slice(0, at) + inserted + result.slice(at);
  return result;
}

function finding(
  { kind, exact, places, start }: Remark,
  source: ts.SourceFile,
  at: { readonly file: string; readonly spec: string },
): HandlerFinding {
  const { line, character } = ts.getLineAndCharacterOfPosition(source, start);
  const notice = { ...at, line: line + 1, column: character + 1, kind, places: unique(places) };
  return { ...notice, message: noticeMessage(notice), exact };
}

const unique = (texts: readonly string[]) => [...new Set(texts)];
