import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";

/** Schema modules as plain JavaScript, in a folder of their own. */
export interface BundledModules {
  /** Of each module, in the order given: what to import. */
  readonly urls: readonly string[];
  /** The project's own drizzle-orm, as its modules see it. */
  readonly drizzleUrl: string;
  /** Every file of the project that is in it, relative to the root. */
  readonly inputs: readonly string[];
}

interface Esbuild {
  build(options: object): Promise<{
    readonly metafile: { readonly inputs: Readonly<Record<string, unknown>> };
    readonly outputFiles: readonly { readonly path: string; readonly text: string }[];
  }>;
  stop?(): Promise<void> | void;
}

/** What means another thing once a module has moved. */
const tiedToItsPlace = /\bimport\.meta\b|\b__dirname\b|\b__filename\b|\brequire\b/;

/**
 * Turns TypeScript modules into JavaScript with the project's own esbuild (drizzle-kit brings it along), which takes a
 * twentieth of the time that running them one by one through jiti does.
 *
 * @param root absolute; the modules are relative to it
 * @param announce told of the folder as soon as it is there: whoever stops this thread has to remove it
 * @returns undefined wherever this is not certain to give the same as jiti: the caller then takes that way
 */
export async function bundleModules(
  root: string,
  modules: readonly string[],
  announce: (folder: string) => void,
): Promise<BundledModules | undefined> {
  const entries = modules.map((module) => resolve(root, module));
  const packages = packageFolder(dirname(entries[0] ?? root));
  const esbuild = packages === undefined ? undefined : findEsbuild(entries[0] ?? root);
  if (packages === undefined || esbuild === undefined) return undefined;
  try {
    const { metafile, outputFiles } = await esbuild.build({
      // Numbered, so that two modules of one name do not meet.
      entryPoints: entries.map((path, index) => ({ in: path, out: `${index}-${basename(path, extname(path))}` })),
      bundle: true,
      packages: "external",
      // A table that two modules know stays one table.
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20",
      outExtension: { ".js": ".mjs" },
      outdir: join(packages, "bundled"),
      absWorkingDir: root,
      metafile: true,
      write: false,
      logLevel: "silent",
    });
    if (outputFiles.some(({ text }) => tiedToItsPlace.test(text))) return undefined;
    const cache = join(packages, ".cache/usecasecore");
    mkdirSync(cache, { recursive: true });
    const own = mkdtempSync(join(cache, "schema-"));
    announce(own);
    for (const { path, text } of outputFiles) writeFileSync(join(own, basename(path)), text);
    writeFileSync(join(own, "drizzle.mjs"), 'export * from "drizzle-orm/pg-core";\n');
    const url = (file: string) => pathToFileURL(join(own, file)).href;
    return {
      urls: entries.map((path, index) => url(`${index}-${basename(path, extname(path))}.mjs`)),
      drizzleUrl: url("drizzle.mjs"),
      inputs: Object.keys(metafile.inputs).map((file) => relative(root, resolve(root, file)).split(sep).join("/")),
    };
  } catch {
    return undefined;
  } finally {
    await esbuild.stop?.();
  }
}

/** The `node_modules` that modules in a folder import from. */
function packageFolder(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "node_modules/drizzle-orm"))) return join(folder, "node_modules");
    if (dirname(folder) === folder) return undefined;
  }
}

function findEsbuild(from: string): Esbuild | undefined {
  const require = createRequire(from);
  for (const holder of ["", "drizzle-kit", "tsx", "vite"]) {
    try {
      const local = holder === "" ? require : createRequire(require.resolve(holder));
      return local("esbuild") as Esbuild;
    } catch {
      // The next that may bring it along.
    }
  }
  return undefined;
}
