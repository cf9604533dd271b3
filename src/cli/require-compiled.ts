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
 * `require` of a bundle of ours, with what V8 made of it in earlier runs: compiling it takes longer than linting a
 * project that has not changed. V8 keeps the functions that have run by then. So each use has its own, and the first
 * few runs, which may be of different kinds, add to it.
 *
 * @param bundle CommonJS in ASCII without `import()`, whose last line names its content
 */
export function requireCompiled(bundle: URL, use: string): unknown {
  const file = fileURLToPath(bundle);
  const source = readFileSync(file, "latin1");
  const identity = source.slice(source.lastIndexOf("\n") + 1);
  const store = join(storeFolder(), `${use}-${process.version}-${process.arch}.bin`);
  const isWanted = process.env["NODE_DISABLE_COMPILE_CACHE"] === undefined;
  const kept = isWanted ? readStore(store, identity) : undefined;
  const script = new Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(kept !== undefined && { cachedData: kept.data }),
  });
  const runs = script.cachedDataRejected === true ? 0 : (kept?.runs ?? 0);
  if (isWanted && runs < addingRuns) keepAtExit(script, store, identity, runs + 1);
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file));
  return module.exports;
}

const addingRuns = 4;

/** Where tools that are installed keep what can be made again. */
function storeFolder(): string {
  const own = dirname(fileURLToPath(packageFile("package.json")));
  const packages = basename(dirname(own)) === "node_modules" ? dirname(own) : join(own, "node_modules");
  return join(packages, ".cache/usecasecore");
}

/** V8 trusts what it is given: the content's own hash tells a file that was cut short or changed. */
function readStore(file: string, identity: string): { readonly data: Buffer; readonly runs: number } | undefined {
  try {
    const stored = readFileSync(file);
    const start = stored.indexOf("\n") + 1;
    const data = stored.subarray(start);
    const [of, hash, runs] = stored.toString("latin1", 0, start).split(" ");
    return of === identity && hash === contentHash(data) ? { data, runs: Number(runs) } : undefined;
  } catch {
    return undefined;
  }
}

function keepAtExit(script: Script, store: string, identity: string, runs: number): void {
  const before = cachedDataVersionTag();
  process.once("exit", () => {
    // V8 takes nothing back that it made under other flags.
    if (cachedDataVersionTag() !== before) return;
    const data = script.createCachedData();
    replaceFile(store, [`${identity} ${contentHash(data)} ${runs}\n`, data]);
  });
}
