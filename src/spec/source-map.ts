import type { Node } from "yaml";
import type { SourceRange, SpecPlace } from "./finding.js";
import { nodeAt } from "./yaml/node-at.js";
import { scalarOffsets } from "./yaml/scalar-offsets.js";
import type { YamlDocument } from "./yaml/yaml-document.js";
import { yamlLibrary } from "./yaml/yaml-library.js";

/** The texts that a project was loaded from, and where in them each place is. */
export interface SourceMap {
  /**
   * A place that does not exist is put where its nearest existing parent is; an unknown file at its first character.
   * Without `on`, a scalar is placed at its value, a mapping or list at its key.
   */
  locate(place: SpecPlace): SourceRange;
  /** The same as offsets into the text; undefined for an unknown file. */
  offsets(place: SpecPlace): readonly [start: number, end: number] | undefined;
  /** The text as read (or as overridden), without a byte order mark. */
  text(file: string): string | undefined;
  /** Every file read, relative to the project's root with `/`, sorted. */
  readonly files: readonly string[];
}

/** A file whose nodes are read when a place in it is asked for. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
  readonly document: YamlDocument;
}

export function createSourceMap(sources: readonly (YamlDocument | SourceFile)[]): SourceMap {
  const byFile = new Map(sources.map((source) => [source.file, source]));
  const lineStarts = new Map<string, readonly number[]>();

  const linesOf = (document: YamlDocument): readonly number[] => {
    const known = lineStarts.get(document.file);
    if (known !== undefined) return known;
    const starts = [0];
    for (let at = document.text.indexOf("\n"); at !== -1; at = document.text.indexOf("\n", at + 1)) starts.push(at + 1);
    lineStarts.set(document.file, starts);
    return starts;
  };

  return {
    locate(place) {
      const source = byFile.get(place.file);
      if (source === undefined) return { file: place.file, line: 1, column: 1, endLine: 1, endColumn: 1 };
      const document = "document" in source ? source.document : source;
      const [start, end] = offsetsOf(document, place);
      const lines = linesOf(document);
      const from = position(lines, start);
      const to = position(lines, end);
      return { file: place.file, line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
    },
    offsets(place) {
      const source = byFile.get(place.file);
      return source === undefined ? undefined : offsetsOf("document" in source ? source.document : source, place);
    },
    text: (file) => byFile.get(file)?.text,
    files: [...byFile.keys()].sort(),
  };
}

/** Offsets into the text. */
function offsetsOf(document: YamlDocument, place: SpecPlace): readonly [number, number] {
  const { text } = document;
  if (place.path.length === 0) {
    if (place.span !== undefined) return [clamp(place.span.start, text), clamp(place.span.end, text)];
    const start = document.root?.range?.[0] ?? 0;
    return [start, endOfLine(text, start)];
  }
  const { isCollection, isScalar } = yamlLibrary();
  const { key, value, found } = nodeAt(document, place.path);
  if (found && place.span !== undefined && place.on !== "key" && isScalar(value)) {
    const offsets = scalarOffsets(value, text);
    const start = offsets?.[Math.min(place.span.start, offsets.length - 1)];
    const end = offsets?.[Math.min(place.span.end, offsets.length - 1)];
    if (start !== undefined && end !== undefined) return [start, Math.max(start, end)];
  }
  const wantsKey =
    !found || place.on === "key" || (place.on === undefined && (value === undefined || isCollection(value))) || isEmpty(value);
  if (key !== undefined && (wantsKey || value === undefined)) return rangeOf(key, text);
  if (value === undefined) return [0, 0];
  const [start, end] = rangeOf(value, text);
  return wantsKey && isCollection(value) ? [start, Math.min(end, endOfLine(text, start))] : [start, end];
}

/** The node without the white space after it. */
function rangeOf(node: Node, text: string): readonly [number, number] {
  const [start = 0, end = start] = node.range ?? [];
  return [start, start + text.slice(start, end).trimEnd().length];
}

/** A value that is left out has no characters to point at. */
function isEmpty(value: Node | undefined): boolean {
  return yamlLibrary().isScalar(value) && value.range?.[0] === value.range?.[1];
}

function endOfLine(text: string, start: number): number {
  const newline = text.indexOf("\n", start);
  return start + text.slice(start, newline === -1 ? text.length : newline).trimEnd().length;
}

function clamp(offset: number, text: string): number {
  return Math.min(Math.max(offset, 0), text.length);
}

function position(lines: readonly number[], offset: number): { line: number; column: number } {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (lines[low] ?? 0) + 1 };
}
