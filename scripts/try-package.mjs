// Packs the package, installs the tarball into an empty project outside this folder, runs `usecase lint` there and
// imports every entry point: finds what a file list, an export map or a missing dependency would break for users.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const project = mkdtempSync(join(tmpdir(), "usecasecore-package-"));
const run = (command, args, cwd) => execFileSync(command, args, { cwd, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" });

try {
  const tarball = run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", project], root).trim().split("\n").at(-1);
  const peers = Object.keys(manifest.peerDependencies).map((name) => `${name}@${manifest.devDependencies[name]}`);
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "empty", private: true, type: "module" }));
  run("npm", ["install", "--silent", "--no-audit", "--no-fund", join(project, tarball), ...peers], project);

  const entries = Object.keys(manifest.exports).filter((entry) => !entry.includes("*") && !entry.endsWith(".json"));
  for (const entry of entries) {
    const specifier = `usecasecore${entry.slice(1)}`;
    const names = run(
      process.execPath,
      ["--input-type=module", "-e", `console.log(Object.keys(await import(${JSON.stringify(specifier)})).length)`],
      project,
    );
    console.log(`${specifier}: ${names.trim()} exports`);
  }
  const schemas = readdirSync(join(project, "node_modules/usecasecore/schema"));
  if (schemas.length === 0) throw new Error("The package has no JSON Schemas.");

  cpSync(join(root, "specs"), join(project, "specs"), { recursive: true });
  cpSync(join(root, "generated-example/src/db/schema.ts"), join(project, "src/db/schema.ts"));
  cpSync(join(root, "generated-example/src/services.ts"), join(project, "src/services.ts"));
  const settings = ["schema: src/db/schema.ts", "services: src/services.ts", "tenant: { column: tenantId, value: actor.tenantId }"];
  writeFileSync(join(project, "usecase.config.yaml"), settings.map((line) => `${line}\n`).join(""));
  console.log(run("npx", ["usecase", "lint", "specs"], project).trim());
  console.log(run("npx", ["usecase", "generate"], project).trim().split("\n").at(-1));
} finally {
  rmSync(project, { recursive: true, force: true });
}
