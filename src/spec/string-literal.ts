/**
 * A text as a JavaScript string, in the quotes that need fewer backslashes (as formatters have it), in characters that
 * everybody can see, and nothing in it that tools look for in the text of a file whatever it stands in.
 */
export function stringLiteral(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  const json = JSON.stringify(text).replace(hidden, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return withoutPragmas(withFewerEscapes(json));
}

/** Printable ASCII without quotes, backslashes, and the two signs that make a comment a pragma. */
const plain = /^[ !$-&(-?A-[\]-~]*$/;

/** What JSON escapes, other than quotes, stays escaped. */
function withFewerEscapes(json: string): string {
  const content = json.slice(1, -1);
  if (!content.includes('"')) return json;
  if (count(content, '"') <= count(content, "'")) return json;
  return `'${content.replace(/\\.|'/g, (piece) => (piece === '\\"' ? '"' : piece === "'" ? "\\'" : piece))}'`;
}

function count(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** Code whose strings name no source map. */
export function withoutPragmas(code: string): string {
  return code.replace(sourcePragma, (mark) => `${mark.charAt(0)}\\u00${mark.charCodeAt(1).toString(16)}`);
}

export const sourcePragma = /[/*][#@](?=\s*source(?:Mapping)?URL)/g;

/** Line separators, what cannot be seen, and what makes an editor show text in another order than the compiler reads it. */
export const hidden = /[\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
