// Run by `npm run build` after the compiler. Puts the modules of the command line, and the packages that most runs of
// it need, into few files (dist/cli/): loading hundreds takes longer than linting a project that has not changed.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
const bundled = join(dist, "bundled");

/** Packages that go inside, with those that they need. The others are loaded where they are, when they are wanted. */
const inside = ["commander", "@marcbachmann/cel-js", "ajv", "fast-deep-equal", "fast-uri", "json-schema-traverse"];
const isInside = (path) => inside.some((name) => path === name || path.startsWith(`${name}/`));

const modules = {
  name: "modules",
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^[^./]/ }, ({ path, importer }) => {
      if (isInside(path)) return undefined;
      // Only its own dependencies are sure to be where this package is.
      if (importer.includes("node_modules") && !isBuiltin(path)) throw new Error(`${importer} needs ${path} inside, too.`);
      return { external: true };
    });
    onResolve({ filter: /\/import-module\.js$/ }, ({ kind }) =>
      kind === "entry-point" ? undefined : { path: "./import-module.cjs", external: true },
    );
    onLoad({ filter: /dist[\\/].*\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8"))
        // What a module requires is known to the bundler where `require` is the one that every file has.
        .replace("const require = createRequire(import.meta.url);\n", "")
        .replace(/(?<!\.)\bimport\("([^."][^"]*)"\)/g, (all, path) =>
          isInside(path) ? all : `require("./import-module.js").importModule("${path}")`,
        ),
    }));
  },
};

const options = {
  bundle: true,
  // What is imported lazily is run when that is wanted, as before.
  format: "cjs",
  platform: "node",
  target: "node20",
  define: { "import.meta.url": "ownUrl" },
  banner: { js: 'const ownUrl = require("node:url").pathToFileURL(__filename).href;' },
  outdir: bundled,
  outExtension: { ".js": ".cjs" },
  minifyWhitespace: true,
  lineLimit: 160,
  logLevel: "warning",
};
const part = (file, out) => ({ in: join(dist, file), out });
await build({
  ...options,
  packages: "external",
  entryPoints: [
    part("cli/start.js", "start"),
    part("spec/drizzle/schema-worker.js", "schema-worker"),
    part("spec/import-module.js", "import-module"),
  ],
});
const { metafile } = await build({ ...options, plugins: [modules], entryPoints: [part("cli/threads.js", "threads")], metafile: true });
for (const { imports } of Object.values(metafile.outputs))
  for (const { kind, path } of imports) if (kind === "dynamic-import") throw new Error(`import(${path}) is for importModule.`);
for (const file of readdirSync(bundled)) nameContent(join(bundled, file));
rmSync(join(dist, "cli"), { recursive: true });
renameSync(bundled, join(dist, "cli"));

writeFileSync(
  join(dist, "cli/licenses.txt"),
  inside.map((name) => `${name}\n\n${readFileSync(join(root, "node_modules", name, "LICENSE"), "utf8").trim()}\n`).join("\n"),
);

// Names this build: a cache that another one has written is of no use.
const hash = createHash("sha256");
for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" }).sort())
  if (/\.([cm]?js|json)$/.test(file)) hash.update(file).update(readFileSync(join(dist, file)));
writeFileSync(join(dist, "build-id"), hash.digest("hex"));

function nameContent(file) {
  // In ASCII, so that its bytes are its characters: the bundler leaves others in regular expressions.
  const text = readFileSync(file, "utf8").replace(/[^\0-\x7f]/g, (other) => `\\u${other.charCodeAt(0).toString(16).padStart(4, "0")}`);
  writeFileSync(file, `${text}//${createHash("sha256").update(text).digest("base64url")}`);
}
