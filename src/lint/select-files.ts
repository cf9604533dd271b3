import { dirname, relative, resolve, sep } from "node:path";
import { nearest } from "../spec/suggest.js";
import { ToolError } from "../spec/tool-error.js";

/**
 * Those of a project's files that the paths name: files, folders and globs, relative to `cwd`.
 * @throws ToolError for a path that names none of them: a misspelt path must not look like a clean run
 */
export async function selectFiles(
  paths: readonly string[],
  files: readonly string[],
  root: string,
  cwd: string,
): Promise<readonly string[]> {
  const selected = new Set<string>();
  for (const path of paths) {
    const found = await matching(path, files, root, cwd);
    for (const file of found) selected.add(file);
    if (found.length > 0) continue;
    const known = files.map((file) => slashes(relative(cwd, resolve(root, file))));
    const [best] = nearest(path, [...known.map((file) => dirname(file)), ...known]);
    throw new ToolError("usage", `No spec matches "${path}".`, {
      help:
        best === undefined
          ? "A spec is a .usecase.yaml, .machine.yaml or .shared.yaml file in the folder that `specs` of the configuration names."
          : `Did you mean ${best}?`,
    });
  }
  return files.filter((file) => selected.has(file));
}

async function matching(path: string, files: readonly string[], root: string, cwd: string): Promise<readonly string[]> {
  const named = slashes(relative(root, resolve(cwd, path)));
  const direct = files.filter((file) => file === named || named === "" || file.startsWith(`${named}/`));
  if (direct.length > 0 || !/[*?[\]{}!()]/.test(path)) return direct;
  const { glob } = await import("tinyglobby");
  const found = new Set((await glob(slashes(path), { cwd, absolute: true })).map((file) => slashes(relative(root, file))));
  return files.filter((file) => found.has(file));
}

const slashes = (path: string) => path.split(sep).join("/");
