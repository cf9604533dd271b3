// Prints the story.
import { styleText } from "node:util";

const plain = process.env["NO_COLOR"] !== undefined || !process.stdout.isTTY;
const colours = { done: "green", replayed: "cyan", refused: "yellow", stock: "gray", waiting: "gray" } as const;

export function chapter(title: string): void {
  console.log(plain ? `\n${title}` : `\n${styleText("bold", title)}`);
}

export function line(label: keyof typeof colours, text: string): void {
  const padded = label.padEnd(9);
  console.log(`  ${plain ? padded : styleText(colours[label], padded)} ${text}`);
}

/** Columns as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const print = (cells: readonly string[]) =>
    console.log(
      `  ${cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd()}`,
    );
  print(head);
  for (const row of rows) print(row);
}
