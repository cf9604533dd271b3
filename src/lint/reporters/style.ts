/** Paints text for a terminal; without colour it returns the text as it is. */
export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  green(text: string): string;
}

/** The style of a run: ANSI codes where colour is wanted. */
export function createStyle(color: boolean): Style {
  const paint = (open: number, close: number) => (text: string) => (color && text !== "" ? `\u001b[${open}m${text}\u001b[${close}m` : text);
  return { bold: paint(1, 22), dim: paint(2, 22), red: paint(31, 39), yellow: paint(33, 39), blue: paint(34, 39), green: paint(32, 39) };
}
