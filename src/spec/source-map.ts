import type { SourceRange, SpecPlace } from "./finding.js";

/** The texts that a project was loaded from, and where in them each place is. */
export interface SourceMap {
  /** A place that does not exist is put where its nearest existing parent is; an unknown file at its first character. */
  locate(place: SpecPlace): SourceRange;
  /** The text as read (or as overridden), without a byte order mark. */
  text(file: string): string | undefined;
  /** Every file read, relative to the project's root with `/`, sorted. */
  readonly files: readonly string[];
}
