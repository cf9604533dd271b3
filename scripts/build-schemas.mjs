// Run by `npm run build` after the compiler. Writes the language's JSON Schemas for editors (schema/, committed).
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rules } from "../dist/lint/registry.js";
import { schemaFiles } from "../dist/spec/language/schema-files.js";

const root = fileURLToPath(new URL("..", import.meta.url));

mkdirSync(`${root}/schema`, { recursive: true });
for (const [name, text] of Object.entries(schemaFiles(rules))) writeIfChanged(`${root}/schema/${name}`, text);

function writeIfChanged(file, text) {
  let current;
  try {
    current = readFileSync(file, "utf8");
  } catch {
    // Not there yet.
  }
  if (current !== text) writeFileSync(file, text);
}
