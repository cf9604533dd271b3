import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";
import { contentHash } from "../spec/cache/content-hash.js";
import { replaceFile } from "../spec/cache/replace-file.js";
import { packageFile } from "../spec/package-file.js";

/**
 * `require` of a bundle of ours, with what V8 made of it in an earlier run: compiling it takes longer than linting a
 * project that has not changed. V8 keeps the functions that have run by then, so that each use has its own.
 *
 * @param bundle CommonJS in ASCII without `import()`, whose last line names its content
 */
export function requireCompiled(bundle: URL, use: string): unknown {
  const file = fileURLToPath(bundle);
  const source = readFileSync(file, "latin1");
  const identity = source.slice(source.lastIndexOf("\n") + 1);
  const store = join(storeFolder(), `${use}-${process.version}-${process.arch}.bin`);
  const isWanted = process.env["NODE_DISABLE_COMPILE_CACHE"] === undefined;
  const known = isWanted ? readStore(store, identity) : undefined;
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(known !== undefined && { cachedData: known }),
  });
  if (isWanted && (known === undefined || script.cachedDataRejected === true)) keepAtExit(script, store, identity);
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

/** Where tools that are installed keep what can be made again. */
function storeFolder(): string {
  const own = dirname(fileURLToPath(packageFile("package.json")));
  const packages = basename(dirname(own)) === "node_modules" ? dirname(own) : join(own, "node_modules");
  return join(packages, ".cache/usecasecore");
}

/** V8 trusts what it is given: the content's own hash tells a file that was cut short or changed. */
function readStore(file: string, identity: string): Buffer | undefined {
  try {
    const stored = readFileSync(file);
    const start = stored.indexOf("\n") + 1;
    const data = stored.subarray(start);
    return stored.toString("latin1", 0, start) === headerOf(identity, data) ? data : undefined;
  } catch {
    return undefined;
  }
}

function keepAtExit(script: Script, store: string, identity: string): void {
  const before = cachedDataVersionTag();
  process.once("exit", () => {
    // V8 takes nothing back that it made under other flags.
    if (cachedDataVersionTag() !== before) return;
    const data = script.createCachedData();
    replaceFile(store, [headerOf(identity, data), data]);
  });
}

const headerOf = (identity: string, data: Uint8Array) => `${identity} ${contentHash(data)}\n`;
