import { type Dirent, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import type { DocumentKind } from "./language/language-schemas.js";
import { ToolError } from "./tool-error.js";

export interface SpecFile {
  /** Relative to the project's root, with `/`. */
  readonly file: string;
  /** Undefined for a YAML file whose name does not say what it is, and for what is no file. */
  readonly kind: Exclude<DocumentKind, "config"> | undefined;
  /** Why it is not read, where the name is not to blame. */
  readonly refusal?: string;
}

/**
 * Every YAML file under the folder of the specs, sorted. Links are not followed, so that nothing outside is read;
 * hidden folders and node_modules are left out. `more`: files that exist only in an editor.
 */
export async function findSpecFiles(root: string, specs: string, more: Iterable<string> = []): Promise<SpecFile[]> {
  const files = new Map<string, string | undefined>();
  for (const [file, refusal] of await yamlFiles(root, specs === "." ? "" : `${specs}/`)) files.set(file, refusal);
  for (const file of more) if (isInside(file, specs) && isYaml(file)) files.set(file, undefined);
  return [...files]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, refusal]) => (refusal === undefined ? { file, kind: kindOf(file) } : { file, kind: undefined, refusal }));
}

/** Relative to the root, each with why it is not read, if it is not. `folder`: `""` or ends with `/`. */
async function yamlFiles(root: string, folder: string): Promise<(readonly [file: string, refusal: string | undefined])[]> {
  const entries = await readdir(`${root}/${folder}`, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw new ToolError("files/unreadable", `The folder ${folder} cannot be read: ${error.code}.`, { cause: error });
  });
  const found = await Promise.all(
    entries.map(async (entry): Promise<(readonly [string, string | undefined])[]> => {
      const file = folder + entry.name;
      const refusal = refusalOf(entry, `${root}/${file}`);
      if (entry.isDirectory()) {
        if (entry.name.startsWith(".") || entry.name === "node_modules") return [];
        return [...(refusal === undefined ? [] : [[file, refusal] as const]), ...(await yamlFiles(root, `${file}/`))];
      }
      return isYaml(entry.name) || refusal === linked ? [[file, refusal]] : [];
    }),
  );
  return found.flat();
}

const linked = "It is a link, and links are not followed: nothing outside of the folder is read.";

/** A link, a folder that is called like a spec, a pipe: never waited for, never silently left out. */
function refusalOf(entry: Dirent, path: string): string | undefined {
  if (entry.isSymbolicLink()) return isYaml(entry.name) || statSync(path, { throwIfNoEntry: false })?.isDirectory() ? linked : undefined;
  if (entry.isFile()) return undefined;
  if (entry.isDirectory()) return kindOf(entry.name) === undefined ? undefined : "It is a folder, and a spec is a file.";
  return "It is no file that could be read, but a pipe, a socket or a device.";
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
