// Run by `npm run build` after the compiler. Describes our tables (dist/generate/own-tables.json), because loading
// drizzle-kit takes longer than the rest of a project's first run.
import { writeFileSync } from "node:fs";
import { describeOwnTables } from "../dist/generate/describe-own-tables.js";
import { anySchema } from "../dist/generate/own-tables.js";

const [unnamed, named] = await Promise.all([undefined, anySchema].map(describeOwnTables));
writeFileSync(new URL("../dist/generate/own-tables.json", import.meta.url), JSON.stringify({ unnamed, named }));
