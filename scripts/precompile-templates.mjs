// Run by `npm run build` after the compiler. Compiles our templates (dist/generate/template/precompiled.cjs), because that
// takes longer than filling one. Each goes with the text it was made of: where a user's is another, it is compiled anew.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import handlebars from "handlebars";
import { templateNames } from "../dist/generate/template/read-templates.js";
import { compileOptions } from "../dist/generate/template/render.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const entries = [...templateNames.templates, ...templateNames.partials].map((name) => {
  const text = readFileSync(`${root}/templates/${name}.hbs`, "utf8");
  return `${JSON.stringify(name)}: { text: ${JSON.stringify(text)}, code: ${handlebars.precompile(text, compileOptions)} }`;
});
writeFileSync(`${root}/dist/generate/template/precompiled.cjs`, `module.exports = {\n${entries.join(",\n")},\n};\n`);
