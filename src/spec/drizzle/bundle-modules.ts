import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { contentHash } from "../cache/content-hash.js";

/** Schema modules as plain JavaScript, in a folder of their own. */
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

/**
 * Turns TypeScript modules into JavaScript with the project's own esbuild (drizzle-kit brings it along), which takes a
 * twentieth of the time that running them one by one through jiti does. Drizzle's hundred files become a few: it knows
 * what is its own by registered symbols, so that packages may well use another copy.
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
    const bundle: Bundle = (folder, args) => bundleInto(folder, args, (all) => succeeds(esbuild, root, limitMs, all));
    // Numbered, so that two modules of one name do not meet.
    const names = entries.map((path, index) => `${index}-${basename(path, extname(path))}`);
    const named = entries.map((path, index) => `${names[index]}=${path}`);
    const drizzle = await keptDrizzle(packages, cache, own, bundle);
    if (drizzle === undefined) return undefined;
    const made = await bundle(own, [...named, ...drizzle.aliases.map(([name, to]) => `--alias:${name}=${to}`), "--external:file:*"]);
    if (made === undefined) return undefined;
    const isKept = (path: string) => !drizzle.aliases.some(([, to]) => path.startsWith(`${to}/`));
    if (made.imports.every(isKept)) return { urls: names.map(made.url), drizzleUrl: drizzle.url, inputs: ownFiles(made.inputs, root, []) };
    // It wants other parts of Drizzle: all of it in one then.
    writeFileSync(join(own, "describing.js"), describing);
    const whole = join(packages, "drizzle-orm");
    const all = await bundle(own, [...named, `describing=${join(own, "describing.js")}`, `--alias:drizzle-orm=${whole}`]);
    if (all === undefined) return undefined;
    return { urls: names.map(all.url), drizzleUrl: all.url("describing"), inputs: ownFiles(all.inputs, root, [own, realpathSync(whole)]) };
  } catch {
    return undefined;
  }
}

interface Bundled {
  /** Of the files that are in it, relative to the root. */
  readonly inputs: readonly string[];
  /** What it leaves to be imported. */
  readonly imports: readonly string[];
  url(name: string): string;
}

type Bundle = (folder: string, args: readonly string[]) => Promise<Bundled | undefined>;

/** Undefined where that fails, or what comes of it could mean another thing. */
async function bundleInto(
  folder: string,
  args: readonly string[],
  esbuild: (args: readonly string[]) => Promise<boolean>,
): Promise<Bundled | undefined> {
  const description = join(folder, "made-of.json");
  const done = await esbuild([
    ...args,
    "--bundle",
    "--packages=external",
    "--main-fields=module,main",
    // A table that two modules know stays one table.
    "--splitting",
    "--format=esm",
    "--platform=node",
    "--target=node20",
    "--out-extension:.js=.mjs",
    `--outdir=${folder}`,
    `--metafile=${description}`,
    "--log-level=silent",
  ]);
  if (!done) return undefined;
  const made = readdirSync(folder).filter((file) => file.endsWith(".mjs"));
  if (made.some((file) => tiedToItsPlace.test(readFileSync(join(folder, file), "utf8")))) return undefined;
  const { inputs, outputs } = JSON.parse(readFileSync(description, "utf8")) as {
    readonly inputs: Readonly<Record<string, { readonly format?: "cjs" | "esm" }>>;
    readonly outputs: Readonly<Record<string, { readonly imports: readonly { readonly path: string }[] }>>;
  };
  // Of CommonJS an import sees one export.
  if (Object.values(inputs).some(({ format }) => format === "cjs")) return undefined;
  return {
    inputs: Object.keys(inputs),
    imports: Object.values(outputs).flatMap(({ imports }) => imports.map(({ path }) => path)),
    url: (name) => pathToFileURL(join(folder, `${name}.mjs`)).href,
  };
}

/** Of the files, those of the project, relative to the root. */
function ownFiles(files: readonly string[], root: string, others: readonly string[]): readonly string[] {
  return files
    .map((file) => resolve(root, file))
    .filter((file) => !others.some((folder) => file.startsWith(folder + sep)))
    .map((file) => relative(root, file).split(sep).join("/"));
}

const describing = `export { CasingCache } from "drizzle-orm/casing";
export { getMaterializedViewConfig, getTableConfig, getViewConfig } from "drizzle-orm/pg-core";
`;

/** What schemas import of Drizzle. */
const parts = { "drizzle-orm": "index", "drizzle-orm/pg-core": "pg-core", "drizzle-orm/sql": "sql" } as const;

interface KeptDrizzle {
  /** What to import in place of its parts. */
  readonly aliases: readonly (readonly [name: string, url: string])[];
  /** What describes its tables. */
  readonly url: string;
}

/** The project's Drizzle as a few files, made once for each version: making them takes longer than all the rest. */
async function keptDrizzle(packages: string, cache: string, own: string, bundle: Bundle): Promise<KeptDrizzle | undefined> {
  const whole = join(packages, "drizzle-orm");
  const version = contentHash(`${describing}${JSON.stringify(parts)}${readFileSync(join(whole, "package.json"), "utf8")}`);
  const folder = join(cache, `drizzle-${version}`);
  if (!existsSync(folder)) {
    const fresh = join(own, "drizzle");
    mkdirSync(fresh);
    writeFileSync(join(fresh, "describing.js"), describing);
    const entries = Object.entries(parts).map(([name, part]) => `${part}=${join(packages, name)}`);
    const made = await bundle(fresh, [...entries, `describing=${join(fresh, "describing.js")}`, `--alias:drizzle-orm=${whole}`]);
    if (made === undefined) return undefined;
    try {
      renameSync(fresh, folder);
    } catch {
      // Another run was faster.
    }
    for (const name of readdirSync(cache))
      if (name.startsWith("drizzle-") && join(cache, name) !== folder) rmSync(join(cache, name), { recursive: true, force: true });
  }
  const url = (part: string) => pathToFileURL(join(folder, `${part}.mjs`)).href;
  return { aliases: Object.entries(parts).map(([name, part]) => [name, url(part)]), url: url("describing") };
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
