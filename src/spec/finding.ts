import type { Severity, SpecPath } from "./model.js";

/** A place in a file: 1-based lines and columns (in UTF-16 units), the end exclusive. */
export interface SourceRange {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/**
 * Where in a spec a finding is: a path from the document's root, and whether its key or its value is meant.
 * `span` narrows a scalar value to some of its characters (offsets into the value as the YAML reader gives it). With an
 * empty path it is a stretch of the file's text instead (offsets into the text): where something is no value at all.
 */
export interface SpecPlace {
  readonly file: string;
  readonly path: SpecPath;
  readonly on?: "key" | "value";
  readonly span?: { readonly start: number; readonly end: number };
}

/** Replaces a stretch of a file's text; offsets into the text without a byte order mark. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What lint found, before it is placed: rules give these. */
export interface Problem {
  readonly ruleId: string;
  readonly severity: Severity;
  /** One sentence: what was expected and what was found. */
  readonly message: string;
  readonly place: SpecPlace;
  /** What to do about it, where the message does not already say so. */
  readonly help?: string;
  /** The nearest names, best first. */
  readonly suggestions?: readonly string[];
  readonly related?: readonly { readonly message: string; readonly place: SpecPlace }[];
  /** What certainly repairs it. */
  readonly fix?: TextEdit;
}

/** A problem with its place resolved to lines and columns: what reporters print. */
export interface Finding extends SourceRange {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly message: string;
  /** The spec path as text, e.g. `state.source.where.sku`. */
  readonly path: string;
  readonly help?: string;
  readonly suggestions: readonly string[];
  readonly related: readonly (SourceRange & { readonly message: string })[];
  readonly fixable: boolean;
  readonly fix?: TextEdit;
  /** Stable across edits elsewhere in the file: for baselines and code-quality services. */
  readonly fingerprint: string;
}
