import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";

/** Schema modules as plain JavaScript, with all of drizzle-orm that they use, in a folder of their own. */
export interface BundledModules {
  /** Of each module, in the order given: what to import. */
  readonly urls: readonly string[];
  /** What of the project's own drizzle-orm describes its tables. */
  readonly drizzleUrl: string;
  /** Every file of the project that is in it, relative to the root. */
  readonly inputs: readonly string[];
}

/** What means another thing once a module has moved. */
const tiedToItsPlace = /\bimport\.meta\b|\b__dirname\b|\b__filename\b|\brequire\b/;

const describing = `export { CasingCache } from "drizzle-orm/casing";
export { getMaterializedViewConfig, getTableConfig, getViewConfig } from "drizzle-orm/pg-core";
`;

/**
 * Turns TypeScript modules into JavaScript with the project's own esbuild (drizzle-kit brings it along), which takes a
 * twentieth of the time that running them one by one through jiti does. Drizzle's hundred files become part of it: it
 * knows what is its own by registered symbols, so that packages may well use another copy.
 *
 * @param root absolute; the modules are relative to it
 * @param announce told of the folder as soon as it is there: the caller has to remove it in the end
 * @returns undefined wherever this is not certain to give the same as jiti: the caller then takes that way
 */
export async function bundleModules(
  root: string,
  modules: readonly string[],
  limitMs: number,
  announce: (folder: string) => void,
): Promise<BundledModules | undefined> {
  const entries = modules.map((module) => resolve(root, module));
  const first = entries[0] ?? root;
  const packages = packageFolder(dirname(first));
  const esbuild = packages === undefined ? undefined : findEsbuild(first);
  if (packages === undefined || esbuild === undefined) return undefined;
  try {
    const cache = join(packages, ".cache/usecasecore");
    mkdirSync(cache, { recursive: true });
    const own = mkdtempSync(join(cache, "schema-"));
    announce(own);
    writeFileSync(join(own, "describing.js"), describing);
    // Numbered, so that two modules of one name do not meet.
    const names = entries.map((path, index) => `${index}-${basename(path, extname(path))}`);
    const done = await succeeds(esbuild, root, limitMs, [
      ...entries.map((path, index) => `${names[index]}=${path}`),
      `drizzle=${join(own, "describing.js")}`,
      "--bundle",
      "--packages=external",
      `--alias:drizzle-orm=${join(packages, "drizzle-orm")}`,
      "--main-fields=module,main",
      // A table that two modules know stays one table.
      "--splitting",
      "--format=esm",
      "--platform=node",
      "--target=node20",
      "--out-extension:.js=.mjs",
      `--outdir=${own}`,
      `--metafile=${join(own, "made-of.json")}`,
      "--log-level=silent",
    ]);
    if (!done) return undefined;
    const made = readdirSync(own).filter((file) => file.endsWith(".mjs"));
    if (made.some((file) => tiedToItsPlace.test(readFileSync(join(own, file), "utf8")))) return undefined;
    const { inputs } = JSON.parse(readFileSync(join(own, "made-of.json"), "utf8")) as {
      readonly inputs: Readonly<Record<string, unknown>>;
    };
    const others = [own, realpathSync(join(packages, "drizzle-orm"))].map((folder) => folder + sep);
    const url = (name: string) => pathToFileURL(join(own, `${name}.mjs`)).href;
    return {
      urls: names.map(url),
      drizzleUrl: url("drizzle"),
      inputs: Object.keys(inputs)
        .map((file) => resolve(root, file))
        .filter((file) => !others.some((folder) => file.startsWith(folder)))
        .map((file) => relative(root, file).split(sep).join("/")),
    };
  } catch {
    return undefined;
  }
}

function succeeds(program: string, cwd: string, timeout: number, args: readonly string[]): Promise<boolean> {
  return new Promise((settle) => {
    const child = spawn(program, args, { cwd, timeout, stdio: "ignore", windowsHide: true });
    child.on("error", () => settle(false));
    child.on("exit", (code) => settle(code === 0));
  });
}

/** The `node_modules` that modules in a folder import from. */
function packageFolder(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "node_modules/drizzle-orm"))) return join(folder, "node_modules");
    if (dirname(folder) === folder) return undefined;
  }
}

/** Its program for this machine: run directly, it is done before its JavaScript would be loaded. */
function findEsbuild(from: string): string | undefined {
  const require = createRequire(from);
  const platform = `@esbuild/${process.platform}-${process.arch}`;
  const program = process.platform === "win32" ? "esbuild.exe" : "bin/esbuild";
  for (const holder of ["", "drizzle-kit", "tsx", "vite"]) {
    try {
      const local = holder === "" ? require : createRequire(require.resolve(holder));
      return createRequire(local.resolve("esbuild")).resolve(`${platform}/${program}`);
    } catch {
      // The next that may bring it along.
    }
  }
  return undefined;
}
