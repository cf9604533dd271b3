import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { DocumentKind } from "./language/language-schemas.js";

export interface SpecFile {
  /** Relative to the project's root, with `/`. */
  readonly file: string;
  /** Undefined for a YAML file whose name does not say what it is. */
  readonly kind: Exclude<DocumentKind, "config"> | undefined;
}

/**
 * Every YAML file under the folder of the specs, sorted. Links are not followed, so that nothing outside is read;
 * hidden folders and node_modules are left out. `more`: files that exist only in an editor.
 */
export async function findSpecFiles(root: string, specs: string, more: Iterable<string> = []): Promise<SpecFile[]> {
  const files = new Set<string>();
  for (const file of more) if (isInside(file, specs) && isYaml(file)) files.add(file);
  for (const file of await yamlFiles(join(root, specs))) files.add(relative(root, file).split(sep).join("/"));
  return [...files].sort().map((file) => ({ file, kind: kindOf(file) }));
}

async function yamlFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
  const found = await Promise.all(
    entries.map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return entry.name.startsWith(".") || entry.name === "node_modules" ? [] : yamlFiles(path);
      return entry.isFile() && isYaml(entry.name) ? [path] : [];
    }),
  );
  return found.flat();
}

function kindOf(file: string): SpecFile["kind"] {
  return /\.(usecase|machine|shared)\.yaml$/.exec(file)?.[1] as SpecFile["kind"];
}

function isYaml(file: string): boolean {
  return /\.ya?ml$/i.test(file) && !/(^|\/)\.[^/]*$/.test(file);
}

function isInside(file: string, folder: string): boolean {
  return folder === "." || file.startsWith(`${folder}/`);
}
