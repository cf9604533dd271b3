// Run by `npm run build` after the compiler. Writes the documentation of the lint rules (docs/rules/, committed) from the
// rules themselves, and removes the pages of rules that are gone.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { rulePages } from "../dist/lint/rule-pages.js";

const folder = fileURLToPath(new URL("../docs/rules", import.meta.url));
const pages = rulePages();

mkdirSync(folder, { recursive: true });
for (const [name, text] of pages) {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  if (read(file) !== text) writeFileSync(file, text);
}
for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }))
  if (file.endsWith(".md") && !pages.has(file.split(sep).join("/"))) rmSync(join(folder, file));

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Not there yet.
    return undefined;
  }
}
