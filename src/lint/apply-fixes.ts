import type { Finding, TextEdit } from "../spec/finding.js";
import { readYaml } from "../spec/yaml/read-yaml.js";

/**
 * The text with as many of the findings' fixes as can be made together, and how many that is. Everything that no fix is
 * about stays as it is, byte for byte. A fix after which the text would have a mistake on that line is left out.
 */
export function applyFixes(file: string, text: string, findings: readonly Finding[]): { readonly text: string; readonly fixed: number } {
  const edits = findings.flatMap(({ fix }) => (fix === undefined ? [] : [fix])).sort((a, b) => b.start - a.start || b.end - a.end);
  let result = text;
  let faults = readYaml(file, text).faults.length;
  let fixed = 0;
  let limit = text.length + 1;
  // From the end to the start, so that the offsets of the others stay right.
  for (const edit of edits) {
    if (edit.end > limit || (edit.end === limit && edit.start === edit.end)) continue;
    const candidate = `${result.slice(0, edit.start)}${edit.text}${result.slice(edit.end)}`;
    const left = readYaml(file, candidate).faults;
    if (left.length > faults || left.some(({ start, end }) => onLineOf(candidate, edit, start, end))) continue;
    result = candidate;
    faults = left.length;
    limit = edit.start;
    fixed += 1;
  }
  return { text: result, fixed };
}

function onLineOf(text: string, edit: TextEdit, start: number, end: number): boolean {
  const lineStart = text.lastIndexOf("\n", edit.start - 1) + 1;
  const newline = text.indexOf("\n", edit.start + edit.text.length);
  return start < (newline === -1 ? text.length : newline) && end > lineStart;
}
