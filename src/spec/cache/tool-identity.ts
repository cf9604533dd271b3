import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isCompiled, packageFile } from "../package-file.js";
import { contentHash } from "./content-hash.js";

/**
 * What a cache must have been written by to be of use: this build of the tool under this version of Node. Where the
 * sources themselves run, every one of them counts, by size and time.
 */
export function toolIdentity(): string {
  const build = isCompiled ? readFileSync(packageFile("dist/build-id"), "utf8") : state(fileURLToPath(packageFile("src")));
  return contentHash(JSON.stringify([build, process.version]));
}

function state(folder: string): readonly string[] {
  return ["spec", "lint", "generate"].flatMap((part) =>
    readdirSync(join(folder, part), { recursive: true, encoding: "utf8" }).map((file) => {
      const { size, mtimeMs } = statSync(join(folder, part, file));
      return `${file} ${size} ${mtimeMs}`;
    }),
  );
}
