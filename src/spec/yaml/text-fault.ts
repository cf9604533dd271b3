import type { TextEdit } from "../finding.js";

/** A stretch of a file's text that is wrong; offsets into the text. */
export interface TextFault {
  readonly rule: "spec/syntax" | "spec/limits" | "spec/name";
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly help?: string;
  readonly fix?: TextEdit;
  readonly related?: { readonly message: string; readonly start: number; readonly end: number };
}
