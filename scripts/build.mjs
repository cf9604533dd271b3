// Compiles src to dist, and the language's schemas; writes the pages of the lint rules; bundles the command line. `npm ci` runs it too (`prepare`), so that a clone has a working `usecase` command;
// npx does so before every command in this folder, hence `--unless-current`.
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stamp = join(root, "dist/.built");

if (!process.argv.includes("--unless-current") || !isCurrent()) {
  rmSync(join(root, "dist"), { recursive: true, force: true });
  const compiler = [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"];
  const { status } = spawnSync(process.execPath, compiler, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
  await import("./build-schemas.mjs");
  await import("./build-rule-docs.mjs");
  await import("./parse-templates.mjs");
  await import("./describe-own-tables.mjs");
  await import("./bundle-cli.mjs");
  writeFileSync(stamp, "");
}

/** Whether nothing that the build reads is newer than its end. */
function isCurrent() {
  const built = statSync(stamp, { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) return false;
  const sources = ["src", "scripts", "templates"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((file) => join(root, folder, file)),
  );
  return [...sources, join(root, "package.json"), join(root, "tsconfig.build.json")].every((file) => statSync(file).mtimeMs < built);
}
