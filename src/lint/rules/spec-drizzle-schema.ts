import type { Rule } from "../rule.js";

export const specDrizzleSchema: Rule = {
  id: "spec/drizzle-schema",
  severity: "error",
  required: true,
  subject: "files",
  summary: "a Drizzle schema that cannot be read",
  why: "Tables, columns and their types come from there: without them nothing can be checked or generated.",
  bad: { files: { "schema.ts": "throw new Error('The database is away.');  // found here\n" } },
  good: {},
};
