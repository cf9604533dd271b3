import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { contentHash } from "./content-hash.js";

/**
 * What a cache must have been written by to be of use: this version of the tool under this version of Node. While the
 * tool itself is worked on its version says nothing: then every one of its files counts, by size and time.
 */
export function toolIdentity(): string {
  const code = fileURLToPath(new URL("../..", import.meta.url));
  const { version } = JSON.parse(readFileSync(join(code, "../package.json"), "utf8")) as { readonly version: string };
  const installed = code.includes(`${sep}node_modules${sep}`);
  return contentHash(JSON.stringify([version, process.version, installed ? "" : state(code)]));
}

function state(folder: string): readonly string[] {
  return ["spec", "lint"].flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true, encoding: "utf8" }).map((file) => {
      const { size, mtimeMs } = statSync(join(folder, part, file));
      return `${file} ${size} ${mtimeMs}`;
    }),
  );
}
