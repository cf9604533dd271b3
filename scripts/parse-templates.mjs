// Run by `npm run build` after the compiler. Parses our templates (dist/generate/template/parsed.json), so that only runs
// with templates of the user's load Handlebars.
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseOwnTemplates } from "../dist/generate/template/read-templates.js";

const file = fileURLToPath(new URL("../dist/generate/template/parsed.json", import.meta.url));
writeFileSync(file, JSON.stringify([...(await parseOwnTemplates())]));
