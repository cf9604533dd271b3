import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../model.js";

const names = ["ts", "mts", "cts", "js", "mjs", "cjs", "json"].map((extension) => `drizzle.config.${extension}`);
const commentsOrTexts = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)/g;

/**
 * The `casing` that the configuration of drizzle-kit in `root` (absolute) has. It is read as text and not run: it may
 * want a database. A value that is computed is not found; then the own configuration has to say it.
 */
export function drizzleCasing(root: string): Config["casing"] {
  const file = names.map((name) => join(root, name)).find((path) => existsSync(path));
  if (file === undefined) return undefined;
  const code = readFileSync(file, "utf8").replace(commentsOrTexts, (_all, text?: string) => text ?? " ");
  // Beside `introspect: { casing: "camel" }`, which names properties, not columns.
  const found = /(?<![\w$.])["']?casing["']?\s*:\s*["'`](snake_case|camelCase)["'`]/.exec(code)?.[1];
  return found as Config["casing"];
}
