import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ToolError } from "../tool-error.js";

const names = ["yaml", "yml", "ts", "mts", "js", "mjs", "json"].map((extension) => `usecase.config.${extension}`);

/**
 * The configuration's absolute path: the given one (relative to `cwd`), or the nearest from `cwd` upwards.
 * @throws ToolError when there is none, or two beside each other.
 */
export function findConfig(cwd: string, given?: string): string {
  if (given !== undefined) {
    const file = resolve(cwd, given);
    if (existsSync(file)) return file;
    throw new ToolError("config/missing", `There is no configuration ${given}.`);
  }
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const found = names.filter((name) => existsSync(join(folder, name)));
    const [first, second] = found;
    if (second !== undefined) {
      throw new ToolError("config/invalid", `There are two configurations in ${folder}: ${first} and ${second}.`, {
        help: "Keep one of them, or say which with --config.",
      });
    }
    if (first !== undefined) return join(folder, first);
    if (dirname(folder) === folder) break;
  }
  throw new ToolError("config/missing", `There is no usecase.config.yaml in ${resolve(cwd)} or above it.`, {
    help: "`usecase init` writes one; or name another file with --config.",
  });
}
