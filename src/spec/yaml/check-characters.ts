import type { TextFault } from "./text-fault.js";

// Control characters, line separators that YAML does not count as such but JavaScript does, characters that turn the
// direction of writing, byte order marks inside the text, halves of surrogate pairs, replaced bytes.
const forbidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffd\ufffe\uffff]|\r(?!\n)|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The first characters (at most `most`) that have no business in a spec: they would hide what it says. */
export function checkCharacters(text: string, most = 10): TextFault[] {
  const faults: TextFault[] = [];
  for (const match of text.matchAll(forbidden)) {
    faults.push({
      rule: "spec/syntax",
      message: `${describeCharacter(match[0])} is not allowed in a spec.`,
      start: match.index,
      end: match.index + match[0].length,
    });
    if (faults.length === most) break;
  }
  return faults;
}

/** Whether a value (after its escapes are read) has such a character. */
export function hasForbiddenCharacter(value: string): boolean {
  forbidden.lastIndex = 0;
  return forbidden.test(value);
}

function describeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
  if (code === 0xfffd) return "A byte that is not UTF-8 (or U+FFFD)";
  if (code === 0xfeff) return "A byte order mark (U+FEFF) inside the text";
  if (code === 0x0d) return "A carriage return without a line feed";
  if (code >= 0xd800 && code <= 0xdfff) return `Half of a surrogate pair (${name})`;
  if (code === 0x2028 || code === 0x2029) return `The line separator ${name}`;
  if (code === 0x200b || code === 0x2060) return `The invisible character ${name}`;
  return code < 0xa0 ? `The control character ${name}` : `The character ${name}, which changes the direction of writing,`;
}
