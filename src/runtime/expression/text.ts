// Text counts in characters (code points), as CEL has it, where JavaScript counts UTF-16 units.

/** How many characters: an emoji is one. */
export function size(text: string): number {
  let count = 0;
  for (const _character of text) count++;
  return count;
}

/** The characters from `start` up to `end`, both counted from 0; without `end`, all the rest. */
export function substring(text: string, start: number, end?: number): string {
  return [...text].slice(Math.max(start, 0), end === undefined ? undefined : Math.max(end, 0)).join("");
}

/** Only A to Z become small: other letters stay, whatever the language. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Only a to z become capital. */
export function upperAscii(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}
