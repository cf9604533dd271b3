// Run by `npm run build` after the compiler. Puts the modules of the command line into few files (dist/cli/): loading
// hundreds takes longer than linting a project that has not changed. Dependencies stay what they are.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const bundled = join(dist, "bundled");

await build({
  entryPoints: [
    { in: join(dist, "cli/run.js"), out: "run" },
    { in: join(dist, "lint/inspect-worker.js"), out: "inspect-worker" },
    { in: join(dist, "generate/emit-worker.js"), out: "emit-worker" },
  ],
  bundle: true,
  // A command loads what it imports lazily when it wants it, as before.
  splitting: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20",
  outdir: bundled,
  chunkNames: "[name]-[hash]",
  logLevel: "warning",
});
rmSync(join(dist, "cli"), { recursive: true });
renameSync(bundled, join(dist, "cli"));

// Names this build: a cache that another one has written is of no use.
const hash = createHash("sha256");
for (const file of readdirSync(dist, { recursive: true, encoding: "utf8" }).sort())
  if (/\.[cm]?js$/.test(file)) hash.update(file).update(readFileSync(join(dist, file)));
writeFileSync(join(dist, "build-id"), hash.digest("hex"));
