import { type DocumentKind, languageSchemas } from "./language-schemas.js";

/** The schema files that editors read, by name under `schema/`. */
export function schemaFiles(): Readonly<Record<string, string>> {
  const kinds = Object.keys(languageSchemas) as DocumentKind[];
  return Object.fromEntries(kinds.map((kind) => [`${kind}.schema.json`, `${JSON.stringify(languageSchemas[kind], undefined, 2)}\n`]));
}
