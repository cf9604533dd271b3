// Run by `npm run build` after the compiler. Writes the language's JSON Schemas for editors (schema/, committed) and
// compiles them to code (dist/spec/structure/compiled), because compiling them takes longer than linting a file does.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import { rules } from "../dist/lint/registry.js";
import { languageSchemas } from "../dist/spec/language/language-schemas.js";
import { schemaFiles } from "../dist/spec/language/schema-files.js";

const root = fileURLToPath(new URL("..", import.meta.url));

mkdirSync(`${root}/schema`, { recursive: true });
for (const [name, text] of Object.entries(schemaFiles(rules))) writeIfChanged(`${root}/schema/${name}`, text);

// Their answer is yes or no; what is wrong is worked out with the schema itself, when something is.
const compiled = `${root}/dist/spec/structure/compiled`;
mkdirSync(compiled, { recursive: true });
const ajv = new Ajv2020({ strict: false, validateSchema: false, inlineRefs: false, messages: false, code: { source: true } });
for (const [kind, schema] of Object.entries(languageSchemas)) {
  writeFileSync(`${compiled}/${kind}.cjs`, standalone.default(ajv, ajv.compile(schema)));
}

function writeIfChanged(file, text) {
  let current;
  try {
    current = readFileSync(file, "utf8");
  } catch {
    // Not there yet.
  }
  if (current !== text) writeFileSync(file, text);
}
