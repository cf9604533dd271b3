import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { Config } from "../model.js";
import { parseJsonWithComments } from "./json-with-comments.js";

interface CompilerOptions {
  readonly module?: string;
  readonly moduleResolution?: string;
  readonly allowImportingTsExtensions?: boolean;
  readonly rewriteRelativeImportExtensions?: boolean;
}

/**
 * How imports of generated code end, from the nearest tsconfig.json at `folder` (absolute) or above it: `.ts` where
 * such imports are allowed, none under a bundler, else `.js`, which Node itself wants.
 */
export function importSuffix(folder: string): Config["imports"] {
  const file = nearestTsconfig(folder);
  if (file === undefined) return ".js";
  const options = compilerOptions(file, new Set());
  if (options.allowImportingTsExtensions === true || options.rewriteRelativeImportExtensions === true) return ".ts";
  const module = options.module?.toLowerCase() ?? "";
  const resolution = options.moduleResolution?.toLowerCase() ?? (/^node(16|18|20|next)$/.test(module) ? "nodenext" : "other");
  return resolution === "nodenext" || resolution === "node16" ? ".js" : "none";
}

function nearestTsconfig(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, "tsconfig.json");
    if (existsSync(file)) return file;
    if (dirname(folder) === folder) return undefined;
  }
}

/** With those of the configurations that it extends; what cannot be read says nothing. */
function compilerOptions(file: string, seen: Set<string>): CompilerOptions {
  if (seen.has(file)) return {};
  seen.add(file);
  const content = read(file);
  const bases = content.extends === undefined ? [] : [content.extends].flat();
  let options: CompilerOptions = {};
  for (const base of bases) {
    const extended = typeof base === "string" ? extendedFile(base, file) : undefined;
    if (extended !== undefined) options = { ...options, ...compilerOptions(extended, seen) };
  }
  return { ...options, ...content.compilerOptions };
}

function read(file: string): { readonly extends?: string | readonly string[]; readonly compilerOptions?: CompilerOptions } {
  try {
    const content = parseJsonWithComments(readFileSync(file, "utf8"));
    return typeof content === "object" && content !== null ? content : {};
  } catch {
    return {};
  }
}

function extendedFile(name: string, from: string): string | undefined {
  if (/^\.{0,2}[/\\]|^[A-Za-z]:/.test(name)) {
    const path = resolve(dirname(from), name);
    return [path, `${path}.json`].find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
  }
  const require = createRequire(from);
  for (const candidate of [name, `${name}.json`, `${name}/tsconfig.json`]) {
    try {
      return require.resolve(candidate);
    } catch {
      // The next spelling.
    }
  }
  return undefined;
}
