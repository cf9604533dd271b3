import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The names after CONSTRAINT and CREATE UNIQUE INDEX in the SQL files of a migrations folder (drizzle-kit's flat one, or
 * a folder per migration). Names that a later migration drops stay: this only keeps lint from calling a name unknown.
 */
export function readMigrationConstraints(folder: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const file of sqlFiles(folder)) {
    const text = readFileSync(join(folder, file), "utf8");
    for (const [, quoted, plain] of text.matchAll(
      /\b(?:CONSTRAINT|UNIQUE\s+INDEX)\s+(?:CONCURRENTLY\s+)?(?:IF\s+NOT\s+EXISTS\s+)?(?:"([^"]+)"|([a-z_][\w$]*))/gi,
    ))
      names.add(quoted ?? plain?.toLowerCase() ?? "");
  }
  return names;
}

function sqlFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".sql"));
  } catch {
    // No migrations yet.
    return [];
  }
}
