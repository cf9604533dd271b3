// What answers of earlier runs follow from, under one name each: whoever keeps an answer names these, and what is its own.
import type { SchemaReading } from "../drizzle-schema.js";
import type { ProjectFiles } from "../project-files.js";
import { contentHash } from "./content-hash.js";

/** Names the configuration with every file that is no use case: shared types, machines, and what is not read. */
export function baseKey({ config, files, sources }: Pick<ProjectFiles, "config" | "files" | "sources">): string {
  const others = files.filter(({ kind }) => kind !== "usecase").map(({ file, hash, refusal }) => [file, hash, refusal]);
  return contentHash(JSON.stringify([config, sources.text(config.file ?? ""), others]));
}

/** Names the use cases, all of them. */
export function useCasesKey({ files }: Pick<ProjectFiles, "files">): string {
  return contentHash(JSON.stringify(files.flatMap(({ kind, file, hash }) => (kind === "usecase" ? [[file, hash]] : []))));
}

/** Names the Drizzle schema, or why it cannot be read. */
export function schemaKey(reading: SchemaReading): string {
  return contentHash(JSON.stringify("schema" in reading ? reading.schema : reading.failure));
}
