// Spec text on a terminal. It is input: a control character in it must not move the cursor or colour the screen, and
// an invisible one must not make a line read as something else.

const control = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const wide =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const simple = /^[\u0020-\u007e]*$/;

/** The text with every control and invisible character made a visible one of width 1; a tab becomes a space. */
export function visible(text: string): string {
  return text.replace(control, (character) => {
    const code = character.charCodeAt(0);
    if (character === "\t") return " ";
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : "\ufffd";
  });
}

/** How many terminal columns the text takes. */
export function displayWidth(text: string): number {
  const shown = visible(text);
  if (simple.test(shown)) return shown.length;
  let width = 0;
  for (const { segment } of graphemes(shown)) width += wide.test(segment) || segment.includes("\ufe0f") ? 2 : 1;
  return width;
}

let segmenter: Intl.Segmenter | undefined;

/** What a reader takes for one character: a flag, or a letter with its accents. */
export function graphemes(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return segmenter.segment(text);
}
