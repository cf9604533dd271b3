import { existsSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";

/**
 * Where editors find a JSON Schema of ours from a folder, with `/`: in the nearest `node_modules` that has this package,
 * which in a workspace is one of a folder above.
 */
export function schemaLocation(root: string, from: string, schema: "usecase" | "machine" | "shared" | "config"): string {
  const path = posix.join(
    relative(from, packageHolder(root)).split(sep).join("/"),
    `node_modules/usecasecore/schema/${schema}.schema.json`,
  );
  return path.startsWith(".") ? path : `./${path}`;
}

function packageHolder(root: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "node_modules/usecasecore"))) return folder;
    if (dirname(folder) === folder) return root;
  }
}
