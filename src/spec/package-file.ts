import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

let root: URL | undefined;

/** Whether this is what the build makes of the sources, and not the sources themselves (as in this package's tests). */
export const isCompiled = !import.meta.url.endsWith(".ts");

/**
 * The URL of a file of this package: `packageFile("templates/")`. Compiled modules are bundled into others, so that
 * none may reckon from its own place.
 */
export function packageFile(path: string): URL {
  root ??= findRoot();
  return new URL(path, root);
}

function findRoot(): URL {
  for (let folder = new URL(".", import.meta.url); ; folder = new URL("..", folder))
    if (existsSync(fileURLToPath(new URL("package.json", folder)))) return folder;
}
